import AMQP
package import ClickHouse
package import Clicks
import Foundation
import Journals
import Pipeline
import TestSupport

/// What is stored of the clicks of a workbench, and where.
extension Workbench {
  package func number(_ sql: SQL) throws -> Int {
    Int(try client.select(sql).first?.first ?? "") ?? -1
  }

  /// Takes over from whoever stores.
  ///
  /// - Returns: The table to insert into.
  package func openGate() throws -> String {
    let fence = ClickFence(client)
    try fence.takeOver()
    return try fence.settle().name
  }

  /// The gates there are.
  package func gates() throws -> [String] {
    try client.select(
      """
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine = 'Null' ORDER BY name
      """
    ).map { $0[0] }
  }

  /// How many views of gates there are.
  package func views() throws -> Int {
    try number(
      """
      SELECT count() FROM system.tables
      WHERE database = currentDatabase() AND engine = 'MaterializedView'
      """)
  }

  /// The clicks in the table and in each of the counts that has all of them.
  package func totals() throws -> [Int] {
    [
      try number("SELECT count() FROM visits"),
      try number("SELECT sumMerge(clicks) FROM link_totals"),
      try number("SELECT sumMerge(clicks) FROM link_days"),
      try number("SELECT sumMerge(clicks) FROM link_referrers"),
    ]
  }

  /// Waits until all four tables have so many clicks.
  package func waits(for count: Int, seconds: Double = 30) throws -> Bool {
    try eventually(seconds: seconds) { try totals() == [count, count, count, count] }
  }

  package func storedEvents() throws -> [String] {
    try client.select("SELECT lower(hex(event_id)) FROM visits").map { $0[0] }
  }

  /// The journals that wait.
  package func journals() throws -> [JournalID] { try JournalDirectory(directory).journals() }

  /// The bodies of the dead letters there are.
  package func deadLetters() throws -> [(body: String, reason: String?)] {
    let connection = try connect()
    try connection.consume(queue: topology.deadQueue, prefetch: 1000)
    var letters: [(body: String, reason: String?)] = []
    while let event = try connection.nextEvent(waiting: 500) {
      guard case .delivered(let delivery) = event else { continue }
      letters.append(
        (
          body: delivery.withBody { String(decoding: $0, as: UTF8.self) },
          reason: delivery.text("reason")
        ))
    }
    return letters
  }
}

/// What is stored of the time when clicks were kept by short code.
extension Workbench {
  /// Its clicks in the table, under the name that it has now, and in each of the counts.
  package func totalsBefore() throws -> [Int] {
    let table = try number("EXISTS TABLE clicks_before") == 1 ? "clicks_before" : "clicks"
    return [
      try number("SELECT count() FROM \(identifier: table)"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_link"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_day"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_referrer"),
    ]
  }

  /// The number of the last old batch, once it is noted; nil until then.
  package func lastOfBefore() throws -> Int? {
    let rows = try client.select(
      "SELECT count(), max(number), min(number) FROM seam WHERE step = 'last_batch'")
    guard let row = rows.first, row[0] != "0", row[1] == row[2] else { return nil }
    return Int(row[1])
  }

  /// Applies the migrations above one of a number.
  package func migrate(above number: Int, upTo last: Int = .max) throws {
    try database.migrate(above: number, to: last)
  }
}
