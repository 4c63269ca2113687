package import JSON

extension InputReader {
  package enum Place: String, Sendable {
    case path
    case query
    case body
  }

  /// A field as the API's description has it.
  package struct Field: Sendable {
    package let name: String
    package let place: Place
    package let schema: Schema
    package let isRequired: Bool
    /// Whether it may come several times, as `name[]`.
    package let isList: Bool
    package let summary: String
    /// A valid value.
    package let example: JSONValue

    package init(
      _ name: String, _ place: Place, _ schema: Schema, isRequired: Bool, isList: Bool = false,
      _ summary: String, example: JSONValue
    ) {
      self.name = name
      self.place = place
      self.schema = schema
      self.isRequired = isRequired
      self.isList = isList
      self.summary = summary
      self.example = example
    }
  }

  /// A field that was asked for.
  package struct Call: Hashable, Sendable {
    package let place: Place
    package let name: String
  }
}
