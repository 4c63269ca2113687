import Logging
import Metrics
import Pipeline
import Postgres
import Service

/// Controls the attempts of a carry, and the pauses after failed ones.
///
/// The reason of a wait is logged once, and again when it changes. Alternating errors are logged
/// once a minute.
final class CarryAttempts {
  /// Thrown to end the work under way after a request to stop.
  struct Stopped: Error {}

  /// The interval at which a wait is checked, in milliseconds.
  private static let waitMilliseconds = 3000
  /// The pause before another error is logged, in milliseconds.
  private static let quietMilliseconds: Int64 = 60_000

  private let lock: CarryLock
  private let log: Logger
  private let meter: Meter
  private var backoff = Backoff()
  /// The last logged reason of a wait or an error; nil while all goes well.
  private var told: (reason: String, at: Int64)?

  init(_ lock: CarryLock, log: Logger, meter: Meter) {
    self.lock = lock
    self.log = log
    self.meter = meter
    meter.set(.isCarryWaiting, 0)
  }

  /// Begins an attempt that changes something, unless another carry is at work.
  func begin() throws {
    if Signals.stopRequested { throw Stopped() }
    guard try lock.take() else { throw CarryWait.otherCarry }
  }

  /// Throws when a stop was requested, or when the lock was lost: another carry may have worked
  /// since.
  func check() throws {
    if Signals.stopRequested { throw Stopped() }
    guard try lock.stands() else { throw CarryWait.lock }
  }

  /// Notes that a step has succeeded.
  func advanced() {
    guard told != nil else { return }
    log.info("going on")
    told = nil
    backoff.reset()
    meter.set(.isCarryWaiting, 0)
  }

  /// Waits for a condition.
  func wait(for reason: CarryWait) throws {
    if told?.reason != "\(reason)" {
      log.info("waiting", metadata: ["for": "\(reason)"])
      note("\(reason)")
    }
    try pause(Self.waitMilliseconds)
  }

  /// Waits after an error of an engine.
  func wait(after error: any Error) throws {
    if Signals.stopRequested { throw Stopped() }
    let now = SystemClock.bootMilliseconds()
    if told.map({ $0.reason != "\(error)" && now >= $0.at + Self.quietMilliseconds }) ?? true {
      log.error("can't go on now", metadata: ["error": "\(String(reflecting: error))"])
      note("\(error)")
    }
    try pause(backoff.next())
  }

  private func note(_ reason: String) { told = (reason, SystemClock.bootMilliseconds()) }

  private func pause(_ milliseconds: Int) throws {
    meter.set(.isCarryWaiting, 1)
    Pause.untilStop(milliseconds: milliseconds)
    if Signals.stopRequested { throw Stopped() }
  }
}
