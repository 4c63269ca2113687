import Foundation
import TestSupport

/// What a drill's clicks became in ClickHouse, compared with what the oracle knows.
struct Verdict {
  var attempted = 0
  var answered = 0
  var stored = 0
  /// Answered, neither stored nor counted as dropped.
  var lost = 0
  /// Rows beyond the first of their event.
  var double = 0
  /// Stored although no request can have been the cause.
  var spurious = 0
  /// Stored otherwise than sent, or counted otherwise than stored.
  var corrupt = 0
  var dropped = 0
  var recoveredSeconds = 0.0
  var remarks: [String] = []
  var notes: [String] = []
  /// How long before a power cut a click may have been answered that it takes, in seconds:
  /// JOURNAL_SYNC_MS, and what a busy machine needs; the last answers arrive after it.
  private static let powerCutSeconds = -0.5...2.0

  /// At the earliest then nginx asks the spare pool, too: it waits 0.8 s for an answer.
  private static let secondTrySeconds = 0.7

  var isClean: Bool { lost == 0 && double == 0 && spurious == 0 && corrupt == 0 }

  /// Compares.
  ///
  /// - Parameters:
  ///   - oracle: What was sent and answered.
  ///   - codes: The drill's links, which nobody else follows.
  ///   - dropped: Clicks that the workers say they could not write.
  ///   - secondTries: Requests that both pools got. A click that one of them could not write and the
  ///     other could, or neither, is one more that counts as dropped than is missing; so is that of
  ///     a request without an answer.
  ///   - powerCuts: When the power was cut.
  ///   - clockOff: How many seconds the workers' clocks may have been off, either way.
  /// - Throws: When an engine can't be asked.
  init(
    _ oracle: Oracle, codes: [String], dropped: Int, secondTries: Int, powerCuts: [Date],
    clockOff: Double
  ) throws {
    let answers = oracle.answers
    attempted = oracle.attempted
    answered = answers.count
    self.dropped = dropped
    let list = codes.map { "'\($0)'" }.joined(separator: ",")
    let table = try ClickHouseClient.query(
      """
      SELECT lower(hex(event_id)), short_code, ip_address, hex(user_agent), hex(referrer),
        toUInt32(timestamp)
      FROM click_events WHERE short_code IN (\(list)) FORMAT TabSeparated
      """)
    var seen: Set<String> = []
    var foreign = 0
    var rows: [Row] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6, let second = Double(fields[5]) else {
        throw DrillError("ClickHouse says: \(line)")
      }
      stored += 1
      let row = Row(code: fields[1], address: fields[2], referrer: fields[4])
      rows.append(row)
      guard seen.insert(fields[0]).inserted else {
        double += 1
        continue
      }
      guard let sent = answers[fields[0]] else {
        foreign += 1
        continue
      }
      let isSame =
        row == Row(code: sent.code, address: sent.address, referrer: Self.hex(sent.referrer))
        && fields[3] == Self.hex(sent.userAgent)
        && Self.isTime(second, of: oracle.span(of: fields[0]), clockOff: clockOff)
      if !isSame {
        corrupt += 1
        remarks.append("corrupt: \(line)")
      }
    }
    var missing = answers.keys.filter { !seen.contains($0) }
    if !powerCuts.isEmpty {
      let ages = missing.map { id in
        powerCuts.compactMap { cut in oracle.span(of: id).map { cut.timeIntervalSince($0.ended) } }
          .first { Self.powerCutSeconds.contains($0) }
      }
      let excused = ages.compactMap(\.self)
      let oldest = Int((excused.max() ?? 0) * 1000)
      notes.append("cut off \(excused.count), the oldest \(oldest) ms before")
      missing = zip(missing, ages).filter { $0.1 == nil }.map(\.0)
    }
    let surplus = min(
      max(0, dropped - missing.count), secondTries + attempted - answered)
    if surplus > 0 { notes.append("dropped and not missing \(surplus)") }
    lost = missing.count - dropped + surplus
    if lost != 0 { remarks.append("lost, for example: \(missing.prefix(3))") }
    // A request without an answer may have been recorded before its answer was lost.
    spurious = max(0, foreign - (attempted - answered))
    for code in codes { try compareCounts(of: code, with: rows.filter { $0.code == code }) }
  }

  /// Whether a click's time, in ClickHouse whole seconds since 1970, is that of its request.
  private static func isTime(
    _ second: Double, of span: (began: Date, ended: Date)?, clockOff: Double
  ) -> Bool {
    guard let (began, ended) = span else { return true }
    // A frozen worker may note its click when the spare pool has answered.
    let end = ended.timeIntervalSince(began) > secondTrySeconds ? Date() : ended
    return (began.timeIntervalSince1970 - 1 - clockOff...end.timeIntervalSince1970 + clockOff)
      .contains(second)
  }

  private struct Row: Equatable {
    let code: String
    let address: String
    let referrer: String
  }

  /// Compares what `/stats` says of a link with its rows.
  private mutating func compareCounts(of code: String, with rows: [Row]) throws {
    let answer = try HTTPClient.site().get("/stats/\(code)")
    let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
    let days = object["clicks_by_day"] as? [[String: Any]] ?? []
    let referrers = object["top_referrers"] as? [[String: Any]] ?? []
    let byReferrer = Dictionary(
      grouping: rows.filter { !$0.referrer.isEmpty }, by: { Self.host(ofHex: $0.referrer) })
    let said: [(String, Int, Int)] = [
      ("total", object["total_clicks"] as? Int ?? -1, rows.count),
      (
        "visitors", object["unique_visitors"] as? Int ?? -1, Set(rows.map(\.address)).count
      ),
      ("days", days.reduce(0) { $0 + ($1["clicks"] as? Int ?? 0) }, rows.count),
      (
        "referrers", referrers.reduce(0) { $0 + ($1["clicks"] as? Int ?? 0) },
        byReferrer.values.map(\.count).sorted(by: >).prefix(10).reduce(0, +)
      ),
    ]
    for (what, counted, right) in said where counted != right {
      corrupt += abs(counted - right)
      remarks.append("/stats/\(code): \(what) \(counted), but there are \(right)")
    }
    for entry in referrers {
      let right = byReferrer[entry["referrer"] as? String]?.count ?? 0
      if entry["clicks"] as? Int != right {
        corrupt += 1
        remarks.append("/stats/\(code): \(entry), but there are \(right)")
      }
    }
  }

  /// The host of one of the load's referrers, given in hexadecimal digits; nil for another text.
  private static func host(ofHex digits: String) -> String? {
    Load.referrers.first { hex($0) == digits }?.split(separator: "/").dropFirst().first
      .map(String.init)
  }

  private static func hex(_ text: String) -> String {
    text.utf8.map { String(format: "%02X", $0) }.joined()
  }
}
