import ClickHouse

/// The columns of a gate, and of the blocks that are inserted through it.
///
/// They are the columns of the table `visits`, and `targets`.
extension NativeBlock.Column {
  /// The scope that the click counts for (`Links.Scope`).
  static let link = Self("link", "UInt64")
  static let timestamp = Self("timestamp", "DateTime('UTC')")
  static let domain = Self("domain", "UInt32")
  static let code = Self("code", "String")
  static let weight = Self("weight", "UInt32")
  static let address = Self("ip_address", "String")
  static let userAgent = Self("user_agent", "String")
  static let referrer = Self("referrer", "String")
  static let referrerHost = Self("referrer_host", "String")
  static let device = Self("device", "UInt8")
  static let system = Self("os", "UInt8")
  static let browser = Self("browser", "UInt8")
  static let browserMajor = Self("browser_major", "UInt16")
  /// `BotClass`; 0 for people.
  static let bot = Self("bot", "UInt8")
  static let language = Self("language", "String")
  /// How the visitor came: 0 by the link, 1 by a QR code, 2 by the tracking pixel.
  static let trigger = Self("trigger", "UInt8")
  static let rule = Self("rule", "UInt32")
  static let revision = Self("revision", "UInt32")
  /// `ClickFlags`.
  static let flags = Self("flags", "UInt8")
  static let eventID = Self("event_id", "FixedString(16)")
  static let retried = Self("retried", "UInt8")
  static let journal = Self("journal", "UInt64")
  static let journalOffset = Self("journal_offset", "UInt64")
  static let batch = Self("batch", "UInt64")
  static let ingestDay = Self("ingest_day", "Date")
  /// The target tables of a row, one bit each.
  static let targets = Self("targets", "UInt32")

  /// All columns of `visits`, in order.
  ///
  /// Columns without a Swift name are not filled yet.
  static let ofVisits = [
    link, timestamp, domain, code, weight, Self("visitor", "UInt64"), address,
    userAgent, referrer, referrerHost, Self("query", "String"), Self("country", "FixedString(2)"),
    Self("region", "String"), Self("city", "String"), Self("asn", "UInt32"),
    device, system, browser, browserMajor, bot, language, Self("utm_source", "String"),
    Self("utm_medium", "String"), Self("utm_campaign", "String"), Self("utm_term", "String"),
    Self("utm_content", "String"), trigger, rule, Self("variant", "UInt8"), revision, flags,
    eventID, retried,
    journal, journalOffset, batch, ingestDay,
  ]
  static let ofGate = ofVisits + [targets]
}
