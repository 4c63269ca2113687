import ClickHouse

/// What tells a click of a day from all others of it, in the order of the table: link, time, event,
/// and its place in a journal.
struct ClickKey: Equatable {
  static let columns: SQL = "short_code, timestamp, event_id, journal, journal_offset"

  /// Of any bytes, so in hexadecimal, as the event.
  private let code: String
  private let second: UInt64
  private let event: String
  private let journal: UInt64
  private let offset: UInt64

  /// What `init(row:)` reads.
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
