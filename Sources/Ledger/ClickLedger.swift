import ClickHouse
import Clicks
import Files
import Glibc
import Journals
import Pipeline
package import Service
import Sessions

/// Compares answered redirects with stored clicks: which are missing, and where they still are.
package final class ClickLedger {
  /// The number of events in one query.
  ///
  /// Each query reads the times of a month's clicks, so it has many events. With 10 000 000 clicks
  /// in the month it takes 80 ms. For each event that is a third of the time of queries with 4000.
  static let eventsPerQuestion = 32_000
  /// Twice the hexadecimal digits of these events; by default a server reads at most 256 KiB.
  private static let questionSettings = ["max_query_size": "2097152"]

  /// The span of time in which to search for the clicks of redirects.
  enum Reach {
    /// The redirects' span extended by `nearSeconds`, where nearly all are.
    case near
    /// The redirects' span extended by `farSeconds`.
    ///
    /// It is for clocks that differ or step, and requests that took long.
    case far
  }

  private static let nearSeconds: Int64 = 10
  private static let farSeconds: Int64 = 600
  private static let daySeconds: Int64 = 86_400

  private let client: Client
  private let directory: JournalDirectory
  private var isBeforeDropped = false

  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(_ settings: Settings) throws {
    client = try Client(settings.clickHouse(ServerAddress.init(url:)), timeout: 60_000)
    directory = JournalDirectory(settings.journalDirectory)
  }

  /// The stored ones of some redirects' clicks.
  ///
  /// The queries are bounded, whatever the number of redirects. It ends early when the program is
  /// asked to stop.
  ///
  /// - Parameters:
  ///   - redirects: By their events.
  ///   - reach: Where to look.
  /// - Returns: The events.
  /// - Throws: When ClickHouse can't be asked.
  func stored(
    of redirects: [EventID: AnsweredRedirect], _ reach: Reach
  ) throws(StoreError) -> [EventID] {
    var found: [EventID] = []
    // By time, so that each piece looks at a short span.
    let sorted = redirects.values.sorted { $0.seconds < $1.seconds }
    for piece in sorted.pieces(count: Self.eventsPerQuestion) where !Signals.stopRequested {
      guard let first = piece.first?.seconds, let last = piece.last?.seconds else { continue }
      found += try stored(of: piece.lazy.map(\.event), first...last, reach)
    }
    return found
  }

  private func stored(
    of events: some Collection<EventID>, _ span: ClosedRange<Int64>, _ reach: Reach
  ) throws(StoreError) -> [EventID] {
    let margin = reach == .near ? Self.nearSeconds : Self.farSeconds
    let last = ClickLine.latestSecond
    let from = min(max(0, span.lowerBound - margin), last)
    let to = min(max(0, span.upperBound + margin), last)
    // A click is stored after it was made, so earlier days need not be read.
    let days: SQL =
      reach == .near ? "ingest_day >= toDate(\(max(0, from / Self.daySeconds - 1))) AND" : ""
    let condition: SQL = """
      PREWHERE timestamp >= toDateTime(\(from), 'UTC') AND timestamp <= toDateTime(\(to), 'UTC')
      WHERE \(days) event_id IN (
        SELECT toFixedString(unhex(substring(\(events.map(\.description).joined()), \
      32 * number + 1, 32)), 16)
        FROM numbers(\(events.count)))
      """
    do throws(ClickHouseError) {
      // Old clicks are copied into visits, and dropped once all are there. So clicks that are
      // dropped before the first query are found by the second one.
      return try storedBefore(condition) + stored(in: "visits", condition)
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "read the stored events", String(reflecting: error), retryAfter: 5)
    }
  }

  /// The events among the old clicks, while their table exists.
  private func storedBefore(_ condition: SQL) throws(ClickHouseError) -> [EventID] {
    guard !isBeforeDropped else { return [] }
    do throws(ClickHouseError) {
      if try client.select("EXISTS TABLE clicks_before").first == ["1"] {
        return try stored(in: "clicks_before", condition)
      }
    } catch {
      guard error.isOfMissingTable else { throw error }
    }
    isBeforeDropped = true
    return []
  }

  private func stored(in table: String, _ condition: SQL) throws(ClickHouseError) -> [EventID] {
    try client.select(
      "SELECT DISTINCT lower(hex(event_id)) FROM \(identifier: table) \(condition)",
      settings: Self.questionSettings
    ).compactMap { $0.first.flatMap { EventID(hex: $0.utf8) } }
  }

  /// Visits the clicks in the journals, published or not.
  ///
  /// It ends early when the program is asked to stop.
  ///
  /// - Parameter found: Called with each click; returns whether to continue.
  /// - Throws: When a journal can't be read.
  func forEachHeld(_ found: (ClickLine) -> Bool) throws(FileError) {
    for journal in try directory.journals() where !Signals.stopRequested {
      let isWanted = try directory.forEachLine(of: journal) { line in
        (try? ClickLine(parsing: line)).map(found) ?? true
      }
      guard isWanted else { return }
    }
  }
}
