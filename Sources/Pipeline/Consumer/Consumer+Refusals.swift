import Clicks
import Logging

/// How a consumer goes on when ClickHouse refuses clicks for good.
///
/// They are refused for good only if the server takes a click that is surely good meanwhile
/// (`ClickSink.probe`). Otherwise it refuses everything: a table, a column or a right is missing. Then
/// nothing is cut or dead-lettered. The messages stay with the broker until somebody has mended that,
/// and the consumer's signals tell of it.
extension Consumer {
  /// Brings one batch into all of the tables, but for clicks that the server refuses for good: they
  /// go to the dead letters.
  func insert(_ batch: BatchBuilder<ClickColumns>, _ intake: ClickIntake) throws {
    guard var reason = try insert(batch.rows, ends: batch.ends, intake) else { return }
    var rest = RefusedBatch(batch.rows)
    var dead = 0
    defer { if dead > 0 { report(dead, last: reason) } }
    repeat {
      if let click = rest.refuse() {
        try intake.deadLetter([click.deadLine(0, reason: reason)])
        dead += 1
        rest.settle()
      }
      while let piece = rest.next {
        try check(intake)
        guard let refusal = try insert(piece, ends: piece.ends, intake) else {
          rest.settle()
          continue
        }
        reason = refusal
        break
      }
    } while rest.next != nil
    _ = try insert(ClickColumns(), ends: batch.ends, intake)
  }

  private func report(_ dead: Int, last reason: String) {
    log.error(
      "clicks that ClickHouse refuses go to the dead letters",
      metadata: ["clicks": "\(dead)", "last": "\(reason)"])
  }

  /// Throws when the broker is lost, or when it is time to stop: what isn't stored is delivered again.
  private func check(_ intake: ClickIntake) throws {
    // A process that was stopped for long may no longer be the queue's active consumer.
    intake.attend()
    if let failure = intake.failure { throw failure }
    if isTimeToStop(intake) { throw Stopped() }
  }
}
