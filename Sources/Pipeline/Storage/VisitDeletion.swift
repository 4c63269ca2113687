import ClickHouse
import Service

/// A deletion of the visits of one scope that somebody has asked for.
struct VisitDeletion: Equatable {
  let id: UInt64
  let scope: UInt64
}

/// Deletions of visits, which only the storing consumer carries out, between two batches.
///
/// Each table gets one mutation for all of them, which takes what is there up to the last batch. It touches
/// no part that comes later, and may be sent again: what a later batch has counted has a greater
/// `last_batch`. The next ones wait until the server has done it, so mutations don't pile up.
extension ClickSink {
  /// How many are carried out at once.
  private static let deletionLimit = 100
  private static let counts: [SQL] = [
    "link_totals", "link_days", "link_referrers",
  ]
  private static let countsBefore: [String] = [
    "link_totals_before", "link_days_before", "link_referrers_before",
  ]

  /// The deletions that were asked for and aren't done.
  ///
  /// There are none while old clicks are being carried, nor while the server is still busy with the last
  /// ones.
  func pendingDeletions() throws(ClickHouseError) -> [VisitDeletion] {
    let rows = try client.select(
      """
      SELECT id, any(scope) FROM visit_deletions GROUP BY id HAVING max(step) = 'asked'
      ORDER BY id LIMIT \(Self.deletionLimit)
      """)
    if rows.isEmpty { return [] }
    // The copy would bring back what was deleted before it.
    guard try client.select("EXISTS TABLE clicks_before").first == ["0"] else { return [] }
    let running = try client.select(
      """
      SELECT count() FROM system.mutations
      WHERE database = currentDatabase() AND is_done = 0 AND command LIKE '%deletion-%'
      """)
    guard running.first == ["0"] else { return [] }
    return rows.compactMap { row in
      guard row.count == 2, let id = UInt64(row[0]), let scope = UInt64(row[1]), scope > 1 else {
        return nil
      }
      return VisitDeletion(id: id, scope: scope)
    }
  }

  /// Carries out deletions.
  ///
  /// A new gate proves before them and after them that no other consumer stores: so `lastBatch` was the last
  /// one for all tables.
  ///
  /// - Throws: `ClickFence.Fenced` when another consumer has taken over; `ClickFence.Busy` or
  ///   `ClickHouseError` when they must be tried again.
  func delete(_ deletions: [VisitDeletion]) throws {
    guard let first = deletions.first else { return }
    try provePlace()
    let scopes: SQL = "(\(list: Set(deletions.map(\.scope)).sorted()))"
    for table in Self.counts {
      try mutate(
        "ALTER TABLE \(table) DELETE WHERE scope IN \(scopes) AND finalizeAggregation(last_batch) <= \(lastBatch)",
        first)
    }
    for table in Self.countsBefore {
      guard try client.select("EXISTS TABLE \(identifier: table)").first == ["1"] else { continue }
      try mutate("ALTER TABLE \(identifier: table) DELETE WHERE scope IN \(scopes)", first)
    }
    try mutate(
      "ALTER TABLE visits DELETE WHERE link IN \(scopes) AND batch <= \(lastBatch)", first)
    try provePlace()
    let seconds = SystemClock.milliseconds() / 1000
    let rows = deletions.map { deletion -> SQL in
      "(\(deletion.id), \(deletion.scope), 'done', \(lastBatch), \(seconds))"
    }
    try client.execute(
      "INSERT INTO visit_deletions VALUES \(SQL(list: rows))", timeout: insertTimeout)
  }

  /// Opens a gate anew, which fails when another consumer has taken over.
  private func provePlace() throws {
    fence.doubt()
    try fence.settle()
  }

  /// Sends a mutation whose text names its first deletion, so that it can be found among the server's
  /// mutations.
  private func mutate(_ statement: SQL, _ deletion: VisitDeletion) throws(ClickHouseError) {
    try client.execute(
      "\(statement) AND \("deletion-\(deletion.id)") != ''", timeout: insertTimeout)
  }
}
