import Logging
import Metrics
import Service

/// Publishes a carry's progress: in the log, in the metrics, and in the seam's log.
final class CarryProgress {
  /// The interval between two reports, in milliseconds.
  private static let noteMilliseconds: Int64 = 10_000
  private static let tellMilliseconds: Int64 = 60_000

  private let seam: Seam
  private let log: Logger
  private let meter: Meter
  /// Old clicks.
  private(set) var total = 0
  private var done = 0
  private var notedAt = SystemClock.bootMilliseconds()
  /// The last report, or the beginning of this attempt.
  private var told: (rows: Int, at: Int64)?

  init(_ seam: Seam, log: Logger, meter: Meter) {
    self.seam = seam
    self.log = log
    self.meter = meter
  }

  /// Begins an attempt.
  ///
  /// - Parameters:
  ///   - total: Old clicks.
  ///   - done: Clicks of days that are carried and compared.
  func begin(of total: Int, done: Int) {
    self.total = total
    self.done = done
    told = nil
  }

  /// Begins a day, of which some clicks are carried already.
  func beginDay(_ carried: Int) {
    done += carried
    showRest()
    if told == nil { told = (done, SystemClock.bootMilliseconds()) }
  }

  func add(_ rows: Int) throws {
    done += rows
    meter.add(.carriedClicks, rows)
    showRest()
    let now = SystemClock.bootMilliseconds()
    if now >= notedAt + Self.noteMilliseconds { try note(now) }
    if let told, now >= told.at + Self.tellMilliseconds { tell(now, since: told) }
  }

  func finish() throws {
    done = total
    showRest()
    try note(SystemClock.bootMilliseconds())
  }

  private func showRest() { meter.set(.carryRemainingClicks, max(0, total - done)) }

  private func note(_ now: Int64) throws {
    try seam.note(.carried, UInt64(done))
    notedAt = now
  }

  private func tell(_ now: Int64, since told: (rows: Int, at: Int64)) {
    let rate = Int64(done - told.rows) * 1000 / max(1, now - told.at)
    log.info(
      "carrying clicks",
      metadata: [
        "clicks": "\(done)", "of": "\(total)", "clicks_per_second": "\(rate)",
        "seconds_left": rate > 0 ? "\(Int64(total - done) / rate)" : "unknown",
      ])
    self.told = (done, now)
  }
}
