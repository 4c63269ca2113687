import ClickHouse
import Clicks
import Links

/// Questions about journals and events.
///
/// Their number grows with the batch, so each question is split into statements of bounded length.
extension ClickSink {
  /// The limit of journals in one statement; each takes at most 21 bytes.
  private static let journalsPerPiece = 4000
  /// The limit of batches that are searched for retried clicks.
  private static let recentBatches: UInt64 = 400_000
  /// The limits of one statement about events, in clicks and in bytes.
  ///
  /// The bytes are half of a server's default limit for a statement, 262 144 (`max_query_size`).
  private static let clicksPerPiece = 2000
  private static let bytesPerPiece = 128 << 10
  /// A retry follows its request within seconds; ten minutes allow for clocks that differ.
  private static let marginSeconds: Int64 = 600
  /// A click may be stored under an earlier day than its own when a clock was wrong.
  private static let marginDays: Int64 = 31

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

  /// Events of the latest retried clicks, oldest first.
  ///
  /// It searches 400 000 batches: two days and more, unless a batch is closed more often than every
  /// half second.
  func recentRetried(limit: Int) throws(ClickHouseError) -> [EventID] {
    let isRecent: SQL = "retried = 1 AND batch > \(lastBatch - min(lastBatch, Self.recentBatches))"
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
        try askVisits("SELECT lower(hex(event_id)) FROM visits WHERE \(isRecent) \(order)"))
      + rows
    return rows.prefix(limit).reversed().compactMap(Self.event)
  }

  /// The events of these clicks that are stored, by any pool.
  ///
  /// The clicks are sorted by link first. So one link's rows are read for few pieces, however many
  /// of its clicks were retried.
  func storedEvents(of clicks: [RetriedClick]) throws(ClickHouseError) -> Set<EventID> {
    var stored: Set<EventID> = []
    let sorted = clicks.map(\.click).sorted { $0.shortCode < $1.shortCode }
    for isIDKnown in [true, false] {
      let clicks = sorted.filter { Self.isIDKnown(of: $0) == isIDKnown }
      for piece in clicks.pieces(
        count: Self.clicksPerPiece, bytes: Self.bytesPerPiece,
        // The event in hexadecimal, two scopes, and the code with each byte escaped, quotes and
        // comma.
        size: { 32 + 2 * 20 + 2 * $0.shortCode.utf8.count + 4 })
      {
        stored.formUnion(try storedEvents(ofPiece: piece, isIDKnown: isIDKnown))
      }
    }
    return stored
  }

  /// Whether a click or its name tells the link's id.
  ///
  /// If so, all records of its request have that scope or the name's.
  private static func isIDKnown(of click: Click) -> Bool {
    guard click.details.kind == .link else { return false }
    return click.linkID != nil || Scope(name: click.shortCode.utf8).isLink
  }

  private func storedEvents(
    ofPiece clicks: ArraySlice<Click>, isIDKnown: Bool
  ) throws(ClickHouseError) -> Set<EventID> {
    let time = Self.isNear(clicks)
    let name: SQL = "IN (\(SQL(list: Set(clicks.map(\.shortCode)).map { "\($0)" })))"
    let link = isIDKnown ? Self.isOfLink(clicks) : "code \(name) AND \(Self.isRecent(clicks))"
    // The server splits the list of events, so rows are compared as 16 bytes and not as text.
    let event: SQL = """
      IN (
        SELECT toFixedString(unhex(substring(\(clicks.map(\.eventID.description).joined()), \
      32 * number + 1, 32)), 16)
        FROM numbers(\(clicks.count)))
      """
    // Times are read first: they are a quarter of the events.
    let before = try askBefore(
      """
      SELECT lower(hex(event_id)) FROM clicks_before PREWHERE \(time)
      WHERE short_code \(name) AND event_id \(event)
      """)
    let rows = try askVisits(
      """
      SELECT lower(hex(event_id)) FROM visits PREWHERE \(time)
      WHERE \(link) AND event_id \(event)
      """)
    return Set((before + Array(rows)).compactMap(Self.event))
  }

  /// A condition on the times of at least one click.
  private static func isNear(_ clicks: ArraySlice<Click>) -> SQL {
    let seconds = clicks.map { $0.milliseconds / 1000 }
    let first = max(0, (seconds.min() ?? 0) - marginSeconds)
    let last = min((seconds.max() ?? 0) + marginSeconds, ClickLine.latestSecond)
    return """
      timestamp >= toDateTime(\(first), 'UTC') AND timestamp <= toDateTime(\(last), 'UTC')
      """
  }

  private static func isOfLink(_ clicks: ArraySlice<Click>) -> SQL {
    let scopes = clicks.flatMap { click in
      [click.linkID, nil].map { Scope(link: $0, name: click.shortCode.utf8).rawValue }
    }
    return "link IN (\(list: Set(scopes)))"
  }

  /// A condition that finds the other record of a click without an id.
  ///
  /// That record may have the id. It is found by its name, among the clicks of all links at that
  /// time.
  private static func isRecent(_ clicks: ArraySlice<Click>) -> SQL {
    let first = clicks.map { $0.milliseconds / 86_400_000 }.min() ?? 0
    return "ingest_day >= toDate(\(max(0, first - marginDays)))"
  }

  /// Queries the old clicks, while they exist.
  ///
  /// Call it before `visits` is queried: rows that disappear meanwhile have been copied there.
  private func askBefore(_ question: SQL) throws(ClickHouseError) -> [[String]] {
    guard !isBeforeDropped else { return [] }
    do throws(ClickHouseError) {
      return Array(try client.select(question, timeout: insertTimeout))
    } catch {
      guard error.isOfMissingTable else { throw error }
      // The server logs each query that fails.
      isBeforeDropped = true
      return []
    }
  }

  private static func event(_ row: [String]) -> EventID? {
    row.first.flatMap { EventID(hex: $0.utf8) }
  }
}
