package import API
import JSON
package import Postgres

/// An order of links: by one of a few columns, and by id where that is the same.
///
/// Each column's key is the first column of an index of migration 0007 or 0009, so the two read alike.
package struct ShortURLOrder: Equatable, Sendable {
  package enum Column: String, CaseIterable, Sendable {
    case longURL = "longUrl"
    case shortCode
    case dateCreated
    case title
    case visits
    case nonBotVisits
  }

  package enum Direction: String, CaseIterable, Sendable {
    case ascending = "ASC"
    case descending = "DESC"
  }

  package let column: Column
  package let direction: Direction

  package init(_ column: Column, _ direction: Direction) {
    self.column = column
    self.direction = direction
  }

  /// The newest first, as in Shlink.
  package static let usual = ShortURLOrder(.dateCreated, .descending)

  package static let all = Column.allCases.flatMap { column in
    Direction.allCases.map { ShortURLOrder(column, $0) }
  }

  /// Reads `dateCreated-DESC`; without a direction it is `ASC`.
  package init?(_ text: String) {
    let words = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let column = words.first.flatMap({ Column(rawValue: String($0)) }) else { return nil }
    guard words.count == 2 else {
      self.init(column, .ascending)
      return
    }
    guard let direction = Direction(rawValue: String(words[1])) else { return nil }
    self.init(column, direction)
  }

  package var text: String { "\(column.rawValue)-\(direction.rawValue)" }
}

// MARK: - SQL

extension ShortURLOrder {
  /// By what rows are ordered before their id; of visits it is a column of `link_visits`.
  ///
  /// A URL and a title have no limit that an entry of an index has, so their first 256 characters count.
  package var key: SQL {
    switch column {
    case .longURL: "left(original_url, 256) COLLATE \"C\""
    case .shortCode: "short_code"
    case .dateCreated: "created_at"
    case .title: "coalesce(left(title, 256), '') COLLATE \"C\""
    case .visits: "total"
    case .nonBotVisits: "(total - bots)"
    }
  }

  /// Whether it is one by visits, which are in a table of their own.
  package var isByVisits: Bool { column == .visits || column == .nonBotVisits }

  /// The `ORDER BY` of rows in this order.
  package var clause: SQL { clause(key, "snowflake_id") }

  /// The `ORDER BY` of rows whose key and id are called so.
  func clause(_ key: SQL, _ id: SQL) -> SQL {
    switch direction {
    case .ascending: "\(key), \(id)"
    case .descending: "\(key) DESC, \(id) DESC"
    }
  }

  /// Whether PostgreSQL takes a number for a time; a key that was forged may be none.
  ///
  /// From 4714 BC to the year 294276, and both infinities, which a row made by hand may have.
  private static func isTime(_ microseconds: Int64) -> Bool {
    (-211_813_488_000_000_000...9_223_371_331_199_999_999).contains(microseconds)
      || [.min, .max].contains(microseconds)
  }

  /// Whether a row comes after a cursor; nil for a cursor of another kind of key.
  package func isAfter(_ cursor: Cursor) -> SQL? {
    isAfter(cursor, key, isByVisits ? "link" : "snowflake_id")
  }

  /// The same for rows whose key and id are called so.
  func isAfter(_ cursor: Cursor, _ key: SQL, _ id: SQL) -> SQL? {
    let last: SQL
    switch (column, cursor.key) {
    case (.dateCreated, .number(let microseconds)) where Self.isTime(microseconds):
      last = "\(microseconds: microseconds)"
    case (.longURL, .text(let text)), (.shortCode, .text(let text)), (.title, .text(let text)):
      last = "\(text)"
    case (.visits, .number(let visits)), (.nonBotVisits, .number(let visits)): last = "\(visits)"
    default: return nil
    }
    switch direction {
    case .ascending: return "(\(key), \(id)) > (\(last), \(cursor.id))"
    case .descending: return "(\(key), \(id)) < (\(last), \(cursor.id))"
    }
  }

  /// Reads the next column of a row, which is `key`.
  package func key(_ row: inout RowReader) throws(PostgresError) -> Cursor.Key {
    switch column {
    case .dateCreated: .number(try row.microseconds())
    case .visits, .nonBotVisits: .number(try row.integer())
    case .longURL, .shortCode, .title: .text(try row.text())
    }
  }
}

// MARK: - As a parameter

extension FieldType<ShortURLOrder> {
  package static var shortURLOrder: FieldType {
    let words = ShortURLOrder.Column.allCases.flatMap { column in
      [column.rawValue]
        + ShortURLOrder.Direction.allCases.map { ShortURLOrder(column, $0).text }
    }
    return FieldType(
      schema: Schema(["enum": .array(words.map { .string($0) })]), sample: .usual
    ) { value throws(InvalidValue) in
      guard let order = value.string.flatMap(ShortURLOrder.init) else {
        throw InvalidValue(
          "must be one of "
            + ShortURLOrder.Column.allCases.map(\.rawValue).joined(separator: ", ")
            + ", with -ASC or -DESC behind it")
      }
      return order
    } write: {
      .string($0.text)
    }
  }
}
