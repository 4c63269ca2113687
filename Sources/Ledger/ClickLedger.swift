import ClickHouse
import Clicks
import Files
import Glibc
import Journals
import Pipeline
package import Service
import Sessions

/// Answered redirects against stored clicks: what has not arrived, and where it still is.
package final class ClickLedger {
  /// What one statement asks about.
  ///
  /// Each question reads the times of a month's clicks, so it asks about many events. Beside 10 000 000
  /// clicks of the month it takes 80 ms: a third of what 4000 at a time take for each event.
  static let eventsPerQuestion = 32_000
  /// Twice the hexadecimal digits of so many; by default a server reads no more than 256 KiB.
  private static let questionSettings = ["max_query_size": "2097152"]

  /// Where clicks of redirects are looked for that were logged in some span of time.
  enum Reach {
    /// Around the span by `nearSeconds`, where nearly all are.
    case near
    /// Around the span by `farSeconds`, whenever they were stored: for clocks that differ or step,
    /// and requests that took long.
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

  /// Which of some redirects' clicks are stored; asked in bounded pieces, whatever their number, until
  /// the program is asked to stop.
  ///
  /// - Parameters:
  ///   - redirects: Their events, and when they were logged in seconds since 1970.
  ///   - reach: Where to look.
  /// - Returns: The events.
  /// - Throws: When ClickHouse can't be asked.
  func stored(
    of redirects: [EventID: Int64], _ reach: Reach
  ) throws(StoreError) -> [EventID] {
    var found: [EventID] = []
    // By time, so that each piece looks at a short span.
    let sorted = redirects.sorted { $0.value < $1.value }
    for piece in sorted.pieces(count: Self.eventsPerQuestion) where !Signals.stopRequested {
      guard let first = piece.first?.value, let last = piece.last?.value else { continue }
      found += try stored(of: piece.lazy.map(\.key), first...last, reach)
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
    // A click is stored after it was made: what was stored on earlier days need not be read.
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
      // Clicks from before the seam are copied into visits, and dropped when all are there. So what
      // is dropped before the first question is found by the second one.
      return try storedBefore(condition) + stored(in: "visits", condition)
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "read the stored events", String(reflecting: error), retryAfter: 5)
    }
  }

  /// The events among the clicks from before the seam, while their table is there.
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

  /// Looks for clicks in the journals, whether their bytes are published or not, until the program is
  /// asked to stop.
  ///
  /// - Parameter found: Called with each click; returns whether to look on.
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
