import ClickHouse
import Logging
import Service

/// The deletions of visits, as the active consumer looks for them once a second, between two batches.
///
/// One that fails holds up no click: it is tried again later.
struct VisitDeletions {
  private static let roundMilliseconds: Int64 = 1000
  private static let failureMilliseconds: Int64 = 30_000

  private let sink: ClickSink
  private let log: Logger
  private var nextAt: Int64 = 0
  private var isFailing = false

  init(_ sink: ClickSink, log: Logger) {
    self.sink = sink
    self.log = log
  }

  /// Carries out what was asked for: a few statements, however much that is.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over.
  mutating func turn(at now: Int64) throws {
    guard now >= nextAt else { return }
    nextAt = now + Self.roundMilliseconds
    do {
      let pending = try sink.pendingDeletions()
      if !pending.isEmpty {
        try sink.delete(pending)
        log.notice(
          "deleted visits",
          metadata: ["scopes": "\(pending.map { "\($0.scope)" }.joined(separator: " "))"])
      }
      isFailing = false
    } catch let error where error is ClickHouseError || error is ClickFence.Busy {
      nextAt = now + Self.failureMilliseconds
      log.log(
        level: isFailing ? .debug : .error, "visits can't be deleted now",
        metadata: ["error": "\(String(reflecting: error))"])
      isFailing = true
    }
  }
}
