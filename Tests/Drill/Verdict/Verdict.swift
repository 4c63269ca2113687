import Foundation

/// What a drill's clicks became: each number is that of a set.
struct Verdict: CustomStringConvertible {
  private(set) var attempted = 0
  private(set) var answered = 0
  private(set) var stored = 0
  /// Answered, not stored, and dropped by nobody who says so.
  private(set) var lost: Set<String> = []
  /// Answered, not stored, and dropped.
  private(set) var dropped: Set<String> = []
  /// Rows beyond the first of their event.
  private(set) var double = 0
  /// Stored although no request can have been the cause.
  private(set) var spurious = 0
  /// Stored otherwise than sent, or counted otherwise than stored.
  var corrupt = 0
  var recoveredSeconds = 0.0
  var remarks: [String] = []
  private(set) var notes: [String] = []

  /// The seconds before a power cut whose clicks it may take.
  ///
  /// They are JOURNAL_SYNC_MS and what a busy machine needs. The last answers arrive after the cut.
  private static let powerCutSeconds = -0.5...2.0

  /// At the earliest then nginx asks the backup pool, too: it waits 0.8 s for an answer.
  private static let retrySeconds = 0.7

  var description: String {
    "lost \(lost.count), double \(double), spurious \(spurious), corrupt \(corrupt)"
  }

  var isClean: Bool { lost.isEmpty && double == 0 && spurious == 0 && corrupt == 0 }

  /// Compares.
  init(_ evidence: Evidence) {
    answered = evidence.answered.count
    attempted = answered + evidence.unanswered.count
    stored = evidence.stored.count
    var seen: Set<String> = []
    // Each request without an answer accounts for one row.
    var open = Dictionary(evidence.unanswered.map { ($0, 1) }, uniquingKeysWith: +)
    for row in evidence.stored {
      guard seen.insert(row.id).inserted else {
        double += 1
        continue
      }
      var isRight = Self.isDerived(row, evidence)
      if let sent = evidence.answered[row.id] {
        isRight = isRight && row.click == sent && Self.isInTime(row, evidence)
      } else if let count = open[row.click], count > 0 {
        open[row.click] = count - 1
      } else {
        spurious += 1
        remark("spurious: \(row)", of: spurious)
      }
      guard !isRight else { continue }
      corrupt += 1
      remark("corrupt: \(row)", of: corrupt)
    }
    account(for: evidence.answered.keys.filter { !seen.contains($0) }, seen, evidence)
  }

  /// Says of each click that is missing whether it is lost.
  private mutating func account(
    for missing: [String], _ seen: Set<String>, _ evidence: Evidence
  ) {
    let named = Set(evidence.dropped)
    var oldest: [Double] = []
    for id in missing {
      let ages = evidence.powerCuts.compactMap { cut in
        evidence.times[id].map { cut.timeIntervalSince($0.ended) }
      }
      if named.contains(id) {
        dropped.insert(id)
      } else if let age = ages.first(where: Self.powerCutSeconds.contains) {
        oldest.append(age)
      } else {
        lost.insert(id)
      }
    }
    if !lost.isEmpty { remarks.append("lost, for example: \(lost.prefix(3))") }
    if evidence.counted != evidence.dropped.count {
      remarks.append(
        "\(evidence.counted) tries are counted as dropped, \(evidence.dropped.count) are named")
    }
    if !evidence.powerCuts.isEmpty {
      let milliseconds = Int((oldest.max() ?? 0) * 1000)
      notes.append("cut off \(oldest.count), the oldest \(milliseconds) ms before")
    }
    let twice = evidence.dropped.count - named.count
    if twice > 0 { notes.append("dropped by both pools \(twice)") }
    let saved = named.intersection(seen).count
    if saved > 0 { notes.append("dropped by one pool and stored by the other \(saved)") }
  }

  /// Notes what counts and answers say otherwise than the rows.
  mutating func add(_ faults: [(count: Int, what: String)]) {
    for (number, fault) in faults.enumerated() {
      corrupt += fault.count
      remark(fault.what, of: number + 1)
    }
  }

  /// A later verdict of the same clicks, or this one when it wasn't clean.
  func followed(by other: Verdict) -> Verdict {
    if isClean { return other }
    var both = self
    both.remarks.append("so it was amid the carry; after it: \(other)")
    both.remarks += other.remarks
    return both
  }

  /// Tells of the first few of a kind.
  private mutating func remark(_ text: String, of count: Int) {
    if count <= 5 { remarks.append(text) }
  }

  /// Whether a row of `visits` is counted for its link, once, and by its referrer's host, and tells by
  /// what the visitor was led.
  private static func isDerived(_ row: StoredClick, _ evidence: Evidence) -> Bool {
    guard let derived = row.derived else { return true }
    let isOld = row.batch > 0 && row.batch <= evidence.lastOldBatch
    let led = isOld ? Led(states: [.init(revision: 0)]) : evidence.led[row.id]
    let right = StoredClick.Derived(
      scope: led?.link ?? evidence.scopes[row.click.code] ?? derived.scope,
      referrerHost: Referrer.host(of: row.click.referrer), weight: 1, state: derived.state)
    return derived == right && led?.states.contains(derived.state) ?? true
  }

  /// Whether a click's time is that of its request.
  private static func isInTime(_ row: StoredClick, _ evidence: Evidence) -> Bool {
    guard let span = evidence.times[row.id] else { return true }
    // A frozen worker may note its click when the backup pool has answered.
    let isRetried = span.ended.timeIntervalSince(span.began) > retrySeconds
    let end = isRetried ? Date() : span.ended
    let off = evidence.clockOff
    return
      (span.began.timeIntervalSince1970 - 1 - off...end.timeIntervalSince1970 + off)
      .contains(row.second)
  }
}
