import ClickHouse

/// The key of a click within a day, in the table's order.
///
/// It is the link, the time, the event, and the place in a journal.
struct ClickKey: Equatable {
  static let columns: SQL = "short_code, timestamp, event_id, journal, journal_offset"

  /// The short code in hexadecimal, since it may have any bytes; also the event.
  private let code: String
  private let second: UInt64
  private let event: String
  private let journal: UInt64
  private let offset: UInt64

  /// The columns that `init(row:)` reads.
  static let selection: SQL =
    "hex(short_code), toUInt32(timestamp), hex(event_id), journal, journal_offset"

  init?(row: [String]) {
    guard row.count == 5, let second = UInt64(row[1]), let journal = UInt64(row[3]),
      let offset = UInt64(row[4])
    else { return nil }
    code = row[0]
    self.second = second
    event = row[2]
    self.journal = journal
    self.offset = offset
  }

  var codeLiteral: SQL { "unhex(\(code))" }
  var timeLiteral: SQL { "toDateTime(\(second), 'UTC')" }

  var literal: SQL {
    """
    (\(codeLiteral), \(timeLiteral), toFixedString(unhex(\(event)), 16), toUInt64(\(journal)), \
    toUInt64(\(offset)))
    """
  }

  func hasCode(of other: ClickKey) -> Bool { code == other.code }
}
