import ClickHouse
package import Clicks
import Glibc
package import Service

/// Answered redirects against stored clicks: what has not arrived, and where it still is.
package final class ClickLedger {
  private let client: Client
  private let directory: JournalDirectory

  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(_ settings: Settings) throws {
    client = try Client(.setting(settings), timeout: 60_000)
    directory = JournalDirectory(settings.journalDirectory)
  }

  /// The events that are stored of clicks between two times.
  ///
  /// - Parameter seconds: Since 1970; ten minutes on both sides are looked through, too.
  /// - Returns: Their ids.
  /// - Throws: When ClickHouse can't be asked.
  package func stored(_ seconds: ClosedRange<Int64>) throws(StoreError) -> Set<EventID> {
    let margin: Int64 = 600
    do throws(ClickHouseError) {
      let rows = try client.select(
        """
        SELECT lower(hex(event_id)) FROM click_events
        WHERE timestamp >= toDateTime(\(max(0, seconds.lowerBound - margin)), 'UTC')
          AND timestamp <= toDateTime(\
        \(min(seconds.upperBound + margin, ClickLine.latestSecond)), 'UTC')
        """)
      return Set(rows.lazy.compactMap { $0.first.flatMap { EventID(hex: $0.utf8) } })
    } catch {
      throw StoreError(
        .clickHouse, .unavailable, during: "read the stored events", error.debugDescription)
    }
  }

  /// The clicks of these events that a journal still holds, whether its bytes are published or not.
  package func held(_ events: Set<EventID>) throws(FileError) -> [EventID: Click] {
    var found: [EventID: Click] = [:]
    guard !events.isEmpty else { return found }
    for journal in try directory.journals() {
      let bytes = try directory.contents(of: journal)
      bytes.withUnsafeBufferPointer { bytes in
        for line in bytes.split(separator: 0x0A) {
          guard let line = try? ClickLine(parsing: UnsafeBufferPointer(rebasing: line)),
            events.contains(line.eventID)
          else { continue }
          found[line.eventID] = line.click
        }
      }
    }
    return found
  }

  /// Writes clicks into a journal of their own, marked as what may be on its way already: each is
  /// looked up before it counts.
  package func putBack(_ clicks: some Sequence<Click>) throws -> Int {
    let journal = try ClickJournal(directory: directory.path, segmentBytes: 64 << 20)
    return clicks.count { click in
      journal.record(
        Click(
          eventID: click.eventID, shortCode: click.shortCode, milliseconds: click.milliseconds,
          address: click.address, userAgent: click.userAgent, referrer: click.referrer,
          isRetried: true))
    }
  }
}
