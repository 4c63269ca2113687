import Clicks
package import Journals
import Links
package import Metrics
package import Service
import Text
import Web

/// Writes visits without a link into the journal: so many a second, and of the others their number.
///
/// Anybody can make such visits. So a bucket bounds how many are written one by one. Those beyond it
/// are added up, and once a second one line for each kind and domain says how many there were. The
/// last part of the journals' bound is left to clicks of links.
///
/// No visit is lost but with its process, or with a journal that stays full until the process ends.
package final class OrphanVisits {
  /// What visits are added up by.
  private struct Scope: Hashable {
    let kind: ClickKind
    let domain: UInt32
  }

  /// The limit of lines that one `tick` writes; the sums of further domains wait.
  private static let linesOfTick = 32

  private let journal: ClickJournal
  private let isTracking: Bool
  private let role: ShortenerRole
  private let meter: Meter
  private var bucket: VisitBucket
  private var sums: [Scope: UInt32] = [:]

  /// - Parameters:
  ///   - journal: Of the worker's clicks.
  ///   - settings: Whether such visits are written, and how many.
  ///   - meter: Counts all of them.
  package init(_ journal: ClickJournal, _ settings: Settings, meter: Meter) {
    self.journal = journal
    isTracking = settings.tracksOrphanVisits
    role = settings.shortenerRole
    self.meter = meter
    bucket = VisitBucket(perSecond: settings.orphanVisitsPerSecond)
  }

  /// Counts a request that met no link, unless it is not to be counted.
  func record(_ request: Request, _ kind: ClickKind, domain: UInt32) {
    guard isTracking, let type = kind.missType, let flags = request.clickFlags else { return }
    meter.add(.orphanVisits(type))
    let now = SystemClock.bootMilliseconds()
    guard !journal.isNearlyFull, bucket.take(at: now), write(request, kind, domain, flags) else {
      return add(1, Scope(kind: kind, domain: domain))
    }
  }

  /// Writes sums, about once a second.
  package func tick() {
    guard !sums.isEmpty, !journal.isNearlyFull else { return }
    write(sums.prefix(Self.linesOfTick).map(\.key))
  }

  /// Writes all sums, when the worker ends.
  package func flush() { write(Array(sums.keys)) }

  private func write(
    _ request: Request, _ kind: ClickKind, _ domain: UInt32, _ flags: ClickFlags
  ) -> Bool {
    let details = ClickDetails(domain: domain, flags: flags, kind: kind)
    let event = EventID(hex: request.id) ?? .random()
    return Self.name(of: request.path).withUnsafeBufferPointer { name in
      journal.writeLine(
        of: request.click(event, name, nil, details, isRetried: request.isRetried(in: role)))
    }
  }

  private func write(_ scopes: [Scope]) {
    let none = Request.Bytes(start: nil, count: 0)
    for scope in scopes {
      guard let count = sums.removeValue(forKey: scope) else { continue }
      // As an anonymous visitor's: without an agent it is no program's all the same.
      let details = ClickDetails(
        domain: scope.domain, flags: .anonymous, kind: scope.kind, weight: count)
      let line = BorrowedClick(
        eventID: .random(), shortCode: none, linkID: nil,
        milliseconds: SystemClock.milliseconds(), address: none, userAgent: none, referrer: none,
        details: details, isRetried: false)
      if !journal.writeLine(of: line) { add(count, scope) }
    }
  }

  private func add(_ count: UInt32, _ scope: Scope) {
    let (sum, isTooMany) = sums[scope, default: 0].addingReportingOverflow(count)
    sums[scope] = isTooMany ? .max : sum
  }

  /// The visited path as the line has it: what no URL can have is percent-encoded.
  private static func name(of path: Request.Bytes) -> [UInt8] {
    var name: [UInt8] = []
    for byte in path where name.count < Click.maximumShortCodeBytes {
      if (0x21...0x7E).contains(byte), byte != 0x22, byte != 0x5C {
        name.append(byte)
      } else {
        PercentEncoding.append(byte, to: &name)
      }
    }
    return Array(name.prefix(Click.maximumShortCodeBytes))
  }
}

extension ClickKind {
  fileprivate var missType: MissType? {
    switch self {
    case .link: nil
    case .baseURL: .baseURL
    case .invalidShortURL: .invalidShortURL
    case .regular404: .regular404
    }
  }
}
