import AMQP
import ClickHouse
import Logging
import Metrics
import Service

/// Asks ClickHouse again until it answers, for the time of one connection to the broker.
///
/// That connection is attended to during each pause. What goes wrong is logged when it begins and when
/// it is over.
final class StoreRetry {
  /// Thrown when the time to stop is over: what isn't stored is delivered again, to the next consumer.
  struct Stopped: Error {}

  /// How long a stop may take to finish what is under way.
  private static let stopMilliseconds: Int64 = 5000

  private let intake: ClickIntake
  private let log: Logger
  private let meter: Meter
  private var isLost = false
  /// Whether ClickHouse refuses what it is asked, in a way that doesn't pass by itself.
  private var isRefused = false {
    didSet { if isRefused != oldValue { meter.set(.isRefused, isRefused ? 1 : 0) } }
  }
  private var stopAt: Int64?

  init(attending intake: ClickIntake, log: Logger, meter: Meter) {
    self.intake = intake
    self.log = log
    self.meter = meter
    // Another consumer may be active now: then this one asks ClickHouse nothing, and isn't refused.
    meter.set(.isRefused, 0)
  }

  /// Does something that needs ClickHouse until it succeeds.
  ///
  /// - Parameters:
  ///   - what: For the log.
  ///   - canBeDropped: Whether to give up when the broker is lost.
  ///   - body: Tried again after errors of ClickHouse; others end it.
  /// - Returns: What `body` returned at last.
  /// - Throws: `AMQPError` when the broker is lost, `Stopped` when the time to stop is over.
  func run<Result>(
    _ what: String, canBeDropped: Bool = true, _ body: () throws -> Result
  ) throws -> Result {
    var backoff = Backoff()
    var hasFailed = false
    while true {
      do {
        let result = try body()
        if isLost || (hasFailed && isRefused) {
          log.info("ClickHouse answers again")
          isLost = false
          isRefused = false
        }
        return result
      } catch let error where error is ClickHouseError || error is ClickFence.Busy {
        hasFailed = true
        report(error, during: what)
      }
      try pause(&backoff, canBeDropped: canBeDropped)
    }
  }

  /// Pauses, unless there is no reason to try again: the broker is lost, or it is time to stop.
  func pause(_ backoff: inout Backoff, canBeDropped: Bool) throws {
    if canBeDropped { try intake.check() }
    if isTimeToStop { throw Stopped() }
    let end = SystemClock.bootMilliseconds() + Int64(backoff.next())
    while case let left = end - SystemClock.bootMilliseconds(), left > 0 {
      if intake.failure == nil {
        intake.attend(waiting: Int(min(left, 50)))
      } else {
        Pause.milliseconds(min(left, 50))
      }
    }
  }

  /// Attends to the broker, and throws when it is lost or when it is time to stop.
  ///
  /// A process that was stopped for long may no longer be the queue's active consumer.
  func check() throws {
    intake.attend()
    try intake.check()
    if isTimeToStop { throw Stopped() }
  }

  /// Logs an error of ClickHouse when it begins, and when it turns out not to pass by itself.
  func report(_ error: any Error, during what: String) {
    let metadata: Logger.Metadata = ["error": "\(String(reflecting: error))"]
    if (error as? ClickHouseError)?.isRefusal ?? false {
      guard !isRefused else { return }
      isRefused = true
      log.critical(
        "ClickHouse refuses to \(what); messages stay with the broker until that is mended",
        metadata: metadata)
    } else if !isLost {
      isLost = true
      log.error("can't \(what); messages stay with the broker", metadata: metadata)
    }
  }

  /// Notes that an insert was carried out, so that ClickHouse refuses nothing.
  func noteInsert() { isRefused = false }

  /// Whether a stop was asked for, and what is under way has had its time.
  private var isTimeToStop: Bool {
    guard Signals.stopRequested else { return false }
    let now = SystemClock.bootMilliseconds()
    let end = stopAt ?? now + Self.stopMilliseconds
    stopAt = end
    return now >= end
  }
}
