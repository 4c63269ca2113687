import API
import Access
import Postgres
import Web

/// A session as people see it.
package struct StoredSession: Equatable, Sendable {
  package let id: Int64
  /// Milliseconds since 1970, and so are the other times.
  package let startedAt: Int64
  /// To the minute.
  package let lastSeenAt: Int64
  /// When it ends unless it is used.
  package let endsAt: Int64
  package let isRemembered: Bool
  package let browser: String?
  package let address: String?

  static let sample = StoredSession(
    id: 12, startedAt: 1_790_000_000_000, lastSeenAt: 1_790_000_060_000, endsAt: 1_790_043_260_000,
    isRemembered: false, browser: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)", address: "192.0.2.7")

  /// The session by which a key's holder comes.
  var asOfKey: KeySession { KeySession(id: id, endsAt: endsAt) }

  func write(to writer: inout FieldWriter, isCurrent: Bool) {
    writer.field("id", Int(id), .count(from: 1, sample: 12), "Its number.")
    writer.field("startedAt", startedAt, .time, "When its holder signed in.")
    writer.field("lastSeenAt", lastSeenAt, .time, "When it was last used, to the minute.")
    writer.field("expires", endsAt, .time, "When it ends unless it is used.")
    writer.field("remembered", isRemembered, .boolean, "Whether it may stay unused until then.")
    writer.nullable(
      "browser", browser, .string(atMost: Requester.browserLimit, sample: ""),
      "The beginning of the browser's user agent.")
    writer.nullable("address", address, .text(sample: ""), "Where it was begun.")
    writer.field("current", isCurrent, .boolean, "Whether the request came by it.")
  }
}

extension StoredSession {
  /// The columns that `init(_:)` reads, in order.
  static let columns: SQL = """
    id, started_at, last_seen_at, ends_at, idle_seconds IS NULL, browser, address
    """

  /// Reads the next columns of a row.
  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      id: try row.integer(), startedAt: try row.milliseconds(),
      lastSeenAt: try row.milliseconds(), endsAt: try row.milliseconds(),
      isRemembered: try row.bool(), browser: try row.optionalText(),
      address: try row.optionalText())
  }
}

extension FieldType<Int> {
  /// The id of a session, as a segment of a path.
  static var sessionID: FieldType {
    let type = FieldType.integer(in: 1...Int.max, sample: 12)
    return FieldType(schema: type.schema, sample: type.sample) { value throws(InvalidValue) in
      guard let id = try? type.read(value) else {
        throw InvalidValue("is no id of a session", as: .sessionNotFound)
      }
      return id
    } write: {
      type.write($0)
    }
  }
}
