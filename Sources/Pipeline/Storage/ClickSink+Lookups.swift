import ClickHouse
import Clicks
import Links

/// What the consumer asks about journals and events: their number grows with the batch, so each
/// question is asked in pieces of a bounded statement.
extension ClickSink {
  /// The limit of journals in one statement; each takes 21 bytes of it at most.
  private static let journalsPerPiece = 4000
  /// The limits of one statement about events, in clicks and in bytes: half of the 262 144 bytes
  /// that a server reads of a statement by default (`max_query_size`).
  private static let clicksPerPiece = 2000
  private static let bytesPerPiece = 128 << 10
  /// A retry follows its request within seconds; ten minutes allow for clocks that differ.
  private static let marginSeconds: Int64 = 600

  /// The byte up to which each of some journals is stored; 0 for an unknown one.
  func storedEnds(of journals: [JournalID]) throws(ClickHouseError) -> [JournalID: Int] {
    var ends = Dictionary(journals.map { ($0, 0) }) { first, _ in first }
    for piece in Array(ends.keys).pieces(count: Self.journalsPerPiece) {
      let rows = try client.select(
        """
        SELECT journal, maxMerge(stored) FROM click_journals
        WHERE journal IN (\(list: piece.map(\.rawValue))) GROUP BY journal
        """)
      for row in rows {
        guard row.count == 2, let journal = UInt64(row[0]), let end = Int(row[1]) else { continue }
        ends[JournalID(rawValue: journal)] = end
      }
    }
    return ends
  }

  /// Events of the latest retried clicks, oldest first: of some 200 000 batches, which are two days and
  /// more.
  func recentRetried(limit: Int) throws(ClickHouseError) -> [EventID] {
    let isRecent: SQL = "retried = 1 AND batch > \(lastBatch - min(lastBatch, 200_000))"
    let order: SQL = "ORDER BY batch DESC LIMIT \(limit)"
    var rows: [[String]] = []
    if let day = try lastDayBefore() {
      rows = try askBefore(
        """
        SELECT lower(hex(event_id)) FROM clicks_before
        WHERE ingest_day >= toDate(\(day)) - 2 AND \(isRecent) \(order)
        """)
    }
    rows =
      Array(
        try client.select("SELECT lower(hex(event_id)) FROM visits WHERE \(isRecent) \(order)"))
      + rows
    return rows.prefix(limit).reversed().compactMap(Self.event)
  }

  /// Which of these clicks' events are stored, by whichever pool.
  ///
  /// The clicks are sorted by their link first. So one link's rows are read for few pieces, however
  /// many of its clicks were retried.
  func storedEvents(of clicks: [RetriedClick]) throws(ClickHouseError) -> Set<EventID> {
    var stored: Set<EventID> = []
    let sorted = clicks.map(\.click).sorted { $0.shortCode < $1.shortCode }
    for piece in sorted.pieces(
      count: Self.clicksPerPiece, bytes: Self.bytesPerPiece,
      // The event in hexadecimal; two scopes; the code with each byte escaped, quotes and comma.
      size: { 32 + 2 * 20 + 2 * $0.shortCode.utf8.count + 4 })
    {
      stored.formUnion(try storedEvents(ofPiece: piece))
    }
    return stored
  }

  private func storedEvents(
    ofPiece clicks: ArraySlice<Click>
  ) throws(ClickHouseError) -> Set<EventID> {
    guard let first = clicks.map(\.milliseconds).min(),
      let last = clicks.map(\.milliseconds).max()
    else { return [] }
    let events = clicks.map(\.eventID.description).joined()
    // The server splits the list of events, so that rows are compared as 16 bytes, not as text.
    let isAsked: SQL = """
      timestamp >= toDateTime(\(max(0, first / 1000 - Self.marginSeconds)), 'UTC')
        AND timestamp <= toDateTime(\
      \(min(last / 1000 + Self.marginSeconds, ClickLine.latestSecond)), 'UTC')
        AND event_id IN (
          SELECT toFixedString(unhex(substring(\(events), 32 * number + 1, 32)), 16)
          FROM numbers(\(clicks.count)))
      """
    let codes = SQL(list: Set(clicks.map(\.shortCode)).map { "\($0)" })
    // The record of a worker that didn't know the link's id has the scope of the name.
    let scopes = Set(
      clicks.flatMap { click in
        [click.linkID, nil].map { Scope(link: $0, name: click.shortCode.utf8) }
      })
    let before = try askBefore(
      """
      SELECT lower(hex(event_id)) FROM clicks_before
      WHERE short_code IN (\(codes)) AND \(isAsked)
      """)
    let rows = try client.select(
      """
      SELECT lower(hex(event_id)) FROM visits
      WHERE link IN (\(list: scopes.map(\.rawValue))) AND \(isAsked)
      """)
    return Set((before + Array(rows)).compactMap(Self.event))
  }

  /// Asks the clicks of before, while they are there.
  ///
  /// To be asked before `visits`: rows that go meanwhile have been copied there.
  private func askBefore(_ question: SQL) throws(ClickHouseError) -> [[String]] {
    do throws(ClickHouseError) {
      return Array(try client.select(question))
    } catch {
      guard error.isOfMissingTable else { throw error }
      return []
    }
  }

  private static func event(_ row: [String]) -> EventID? {
    row.first.flatMap { EventID(hex: $0.utf8) }
  }
}
