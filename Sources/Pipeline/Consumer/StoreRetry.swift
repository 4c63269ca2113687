import AMQP
import ClickHouse
import Logging
import Metrics
import Service

/// Repeats requests until ClickHouse answers, for the lifetime of one connection to the broker.
///
/// The connection is served during each pause. An error is logged when it begins and when it is
/// over.
final class StoreRetry {
  /// Thrown when the time for a stop is over: unstored messages are delivered again, to the next
  /// consumer.
  struct Stopped: Error {}

  /// The time that a stop allows for work under way.
  private static let stopMilliseconds: Int64 = 5000

  private let intake: ClickIntake
  private let log: Logger
  private let meter: Meter
  private var isLost = false
  /// Whether ClickHouse refuses requests with an error that needs an operator.
  private var isRefused = false {
    didSet { if isRefused != oldValue { meter.set(.isRefused, isRefused ? 1 : 0) } }
  }
  private var stopAt: Int64?

  init(attending intake: ClickIntake, log: Logger, meter: Meter) {
    self.intake = intake
    self.log = log
    self.meter = meter
    // Another consumer may be active now: this one asks ClickHouse nothing, and isn't refused.
    meter.set(.isRefused, 0)
  }

  /// Repeats a request to ClickHouse until it succeeds.
  ///
  /// - Parameters:
  ///   - what: The request's name in the log.
  ///   - canBeDropped: Whether to give up when the broker is lost.
  ///   - body: The request; repeated after errors of ClickHouse, ended by others.
  /// - Returns: The result of `body`.
  /// - Throws: `AMQPError` when the broker is lost, `Stopped` when the time for a stop is over.
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

  /// Pauses before the next attempt; throws when the broker is lost or the time for a stop is over.
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

  /// Serves the broker's connection, and throws when it is lost or when it is time to stop.
  ///
  /// A process that was stopped for long may have lost its role as the queue's active consumer.
  func check() throws {
    intake.attend()
    try intake.check()
    if isTimeToStop { throw Stopped() }
  }

  /// Logs an error of ClickHouse when it begins, and when it turns out to need an operator.
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

  /// Notes that an insert succeeded, so ClickHouse refuses nothing.
  func noteInsert() { isRefused = false }

  /// Whether a stop was requested and the time for work under way is over.
  private var isTimeToStop: Bool {
    guard Signals.stopRequested else { return false }
    let now = SystemClock.bootMilliseconds()
    let end = stopAt ?? now + Self.stopMilliseconds
    stopAt = end
    return now >= end
  }
}
