package import JSON

/// A value as it was sent.
package enum InputValue: Sendable {
  /// A member of the body.
  case json(JSONValue)
  /// A parameter of path or query.
  case text(String)

  /// Its text; nil for what is no string.
  package var string: String? {
    switch self {
    case .json(let value): value.string
    case .text(let text): text
    }
  }

  /// Whether it is a text with U+0000, which no store takes; JSON with one isn't read at all.
  var hasNUL: Bool {
    if case .text(let text) = self { text.utf8.contains(0) } else { false }
  }

  package var kind: String {
    switch self {
    case .json(let value): "\(value.kind)"
    case .text: "a text"
    }
  }
}
