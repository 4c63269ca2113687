import API
import JSON
import Postgres

/// An order of tags: by a count and then by name, or by name alone.
package struct TagOrder: Equatable, Sendable {
  package enum Column: String, CaseIterable, Sendable {
    case tag
    case shortUrlsCount
    case visits
    case nonBotVisits
  }

  package var column = Column.tag
  package var isDescending = false

  /// By name.
  package init() {}

  /// Reads `visits-DESC`; what is unknown is by name, as in Shlink.
  package init(_ text: String) {
    let words = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    column = words.first.flatMap { Column(rawValue: String($0)) } ?? .tag
    isDescending = words.count == 2 && words[1].lowercased() == "desc"
  }

  package var text: String { column.rawValue + (isDescending ? "-DESC" : "-ASC") }

  // MARK: SQL

  /// The column of `TagRows` that it orders by before the name.
  private var key: SQL {
    switch column {
    case .tag: "name"
    case .shortUrlsCount: "links"
    case .visits: "total"
    case .nonBotVisits: "(total - bots)"
    }
  }

  /// The `ORDER BY`.
  var clause: SQL {
    let direction: SQL = isDescending ? "DESC" : "ASC"
    return column == .tag ? "name \(direction)" : "\(key) \(direction), name"
  }

  /// Whether a row comes after a cursor; nil for a cursor of another kind of key.
  func isAfter(_ cursor: Cursor) -> SQL? {
    guard case .text(let text) = cursor.key else { return nil }
    let isBehind: SQL = isDescending ? "<" : ">"
    guard column != .tag else { return "name \(isBehind) \(text)" }
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let count = Int64(words[0]) else { return nil }
    return "\(key) \(isBehind) \(count) OR \(key) = \(count) AND name > \(String(words[1]))"
  }

  /// The cursor's key behind a tag.
  func key(of tag: TagStats) -> Cursor.Key {
    switch column {
    case .tag: .text(tag.name)
    case .shortUrlsCount: .text("\(tag.links) \(tag.name)")
    case .visits: .text("\(tag.visits) \(tag.name)")
    case .nonBotVisits: .text("\(tag.visits - tag.botVisits) \(tag.name)")
    }
  }
}

extension FieldType<TagOrder> {
  /// Any text is one.
  static func tagOrder(_ columns: [TagOrder.Column]) -> FieldType {
    FieldType(
      schema: Schema([
        "type": "string",
        "examples": .array(
          columns.flatMap { column -> [JSONValue] in
            [.string(column.rawValue + "-ASC"), .string(column.rawValue + "-DESC")]
          }),
      ]), sample: TagOrder()
    ) { value throws(InvalidValue) in
      let order = TagOrder(value.string ?? "")
      return columns.contains(order.column) ? order : TagOrder()
    } write: {
      .string($0.text)
    }
  }
}
