import ClickHouse
package import Logging
package import Metrics
import Pipeline
import Postgres
import Service

/// Carries old clicks and counts into the tables by link, then drops the old tables.
///
/// It runs once, beside the consumer. Each step checks what is done already, so it may be
/// interrupted anywhere and started again. After an engine's error it waits and continues. Only a
/// difference between the tables ends it.
package final class Carry {
  /// The result of a carry.
  package enum End: String, Sendable {
    /// There were no old clicks.
    case nothing
    /// Everything is carried, and the old tables are dropped.
    case complete
    /// Everything is carried, and the old tables are kept.
    case kept
    /// It was asked to stop.
    case stopped
  }

  private let settings: CarrySettings
  private let log: Logger
  private let meter: Meter
  private let client: Client
  private let seam: Seam
  private let lock: CarryLock
  private let attempts: CarryAttempts
  private let clicks: ClicksCarry
  /// How often an engine was overloaded.
  private(set) var shortages = 0
  /// Rows of counts in one insert; fewer after the server was overloaded.
  private var blockRows = 65_536

  /// - Throws: When libcurl can't be initialized.
  package init(_ settings: CarrySettings, log: Logger, meter: Meter) throws {
    self.settings = settings
    self.log = log
    self.meter = meter
    client = try Client(settings.clickHouse, timeout: 10_000)
    client.mayWait = { !Signals.stopRequested }
    seam = Seam(client)
    lock = CarryLock(settings.postgres)
    attempts = CarryAttempts(lock, log: log, meter: meter)
    clicks = ClicksCarry(client, settings, attempts, log: log, meter: meter)
  }

  /// Works until all is carried, or until it is asked to stop.
  ///
  /// - Throws: `CarryError` for what an operator must look at.
  package func run() throws -> End {
    while true {
      do {
        do {
          return try attempt()
        } catch let wait as CarryWait {
          try attempts.wait(for: wait)
        } catch let error where Self.passes(error) {
          if (error as? ClickHouseError)?.isExcessive ?? false { takeLess() }
          try attempts.wait(after: error)
        }
      } catch is CarryAttempts.Stopped {
        return .stopped
      } catch let error as CarryError {
        meter.add(.carryDifferences)
        log.critical("stopped by a difference", metadata: ["error": "\(error)"])
        try? seam.note(.differs, error.batch)
        throw error
      }
    }
  }

  /// Whether an error comes from an engine or another carry: then the next attempt may succeed.
  private static func passes(_ error: any Error) -> Bool {
    error is ClickHouseError || error is PostgresError || error is ClickFence.Busy
      || error is ClickFence.Fenced
  }

  private func takeLess() {
    shortages += 1
    blockRows = max(64, blockRows / 2)
    clicks.takeLess()
  }

  private func attempt() throws -> End {
    let found = try seam.state()
    switch found.phase {
    case .nothing:
      try OldTables(client).drop([])
      return .nothing
    case .notMigrated: throw CarryWait.migration
    case .waiting: throw CarryWait.firstClick
    case .carrying(let lastBatch): try carry(upTo: lastBatch)
    case .complete:
      // It may be long ago, and the old tables are the only other copy.
      if let lastBatch = found.lastBatch, try !clicks.areCarried(upTo: lastBatch) {
        try carry(upTo: lastBatch)
      }
    }
    if settings.keepsOldTables { return .kept }
    try attempts.begin()
    let state = try seam.state()
    guard !state.hasOldViews else { throw CarryWait.oldGate }
    try OldTables(client).drop(state.oldTables)
    log.info("the old tables are gone")
    return .complete
  }

  private func carry(upTo lastBatch: UInt64) throws {
    try attempts.begin()
    let links = NamedLinks { [self] in
      try attempts.check()
      guard let session = lock.session else { throw CarryWait.lock }
      return session
    }
    try LinkNames(client: client).make(of: links)
    let counts = CountCopies(client: client, blockRows: blockRows)
    if try counts.make(attempts.check) { attempts.advanced() }
    let rows = try clicks.carry(upTo: lastBatch)
    try seam.note(.complete, UInt64(rows))
    log.info("all old clicks are carried", metadata: ["clicks": "\(rows)"])
  }
}
