import ClickHouse

/// The columns of a gate: its table is made of them, and the blocks that go through it have them.
extension NativeBlock.Column {
  static let shortCode = Self("short_code", "String")
  static let timestamp = Self("timestamp", "DateTime('UTC')")
  static let address = Self("ip_address", "String")
  static let userAgent = Self("user_agent", "String")
  static let referrer = Self("referrer", "String")
  static let eventID = Self("event_id", "FixedString(16)")
  static let retried = Self("retried", "UInt8")
  static let journal = Self("journal", "UInt64")
  static let journalOffset = Self("journal_offset", "UInt64")
  static let batch = Self("batch", "UInt64")
  static let ingestDay = Self("ingest_day", "Date")
  /// Which of the tables behind the gate a row is for, one bit each.
  static let targets = Self("targets", "UInt8")

  static let ofGate = [
    shortCode, timestamp, address, userAgent, referrer, eventID, retried, journal, journalOffset,
    batch, ingestDay, targets,
  ]
}
