import ClickHouse
import Pipeline
import Service

/// ClickHouse's tables while nobody stores, for a backup or a restore.
///
/// Consumers are kept from storing by a hold (`ClickHold`); their clicks wait in RabbitMQ.
final class HeldTables {
  /// How long a running insert is waited for, in milliseconds.
  private static let patience: Int64 = 600_000
  private static let renewal: Int64 = 5000

  private let hold: ClickHold
  private let fence: ClickFence
  private let progress: Progress
  private var renewedAt: Int64 = 0

  init(_ address: ServerAddress, _ progress: Progress) throws {
    hold = ClickHold(try Client(address, timeout: 5000))
    fence = ClickFence(try Client(address, timeout: 20_000), views: [], hold: hold)
    self.progress = progress
  }

  /// Begins the hold, and waits until nobody stores.
  ///
  /// - Throws: `BackupError` while there is another hold.
  func begin() throws {
    do { try hold.begin() } catch let error as ClickFence.Busy {
      throw BackupError(Outcome.refused, "ClickHouse: \(error.description) already")
    }
    try retrying { try fence.takeOver() }
  }

  /// Begins it anew where somebody can have stored since it began.
  func ensure() throws {
    guard try !stands() else { return }
    fence.standBy()
    try begin()
  }

  /// Whether nobody can have stored since it began.
  func stands() throws -> Bool { try retrying { try fence.stands() } }

  private func retrying<Result>(_ body: () throws -> Result) throws -> Result {
    let end = SystemClock.bootMilliseconds() + Self.patience
    while true {
      do { return try body() } catch let error where Self.passes(error) {
        guard SystemClock.bootMilliseconds() < end else {
          throw BackupError(Outcome.unavailable, "ClickHouse: an insert doesn't end")
        }
      }
      progress.show("waiting for an insert")
      try pause()
    }
  }

  private static func passes(_ error: any Error) -> Bool {
    error is ClickFence.Fenced || (error as? ClickFence.Busy).map { !$0.isHold } ?? false
  }

  /// Waits a moment; throws after a signal.
  func pause() throws {
    if Signals.stopRequested { throw Outcome.interrupted }
    renew()
    Pause.milliseconds(200)
  }

  /// Renews the hold now and then: for each wait of a long question.
  func renew() {
    let now = SystemClock.bootMilliseconds()
    guard now >= renewedAt + Self.renewal else { return }
    renewedAt = now
    // What was stored because of it would be seen at the end.
    try? hold.renew()
  }

  /// Ends the hold; else it ends by itself.
  func end() {
    try? fence.leave()
    try? hold.end()
  }
}
