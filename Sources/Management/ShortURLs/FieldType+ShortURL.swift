import API
import JSON

extension FieldType<String> {
  /// A title of a link: one line, without blanks around it, cut to the length that it may have.
  static var title: FieldType {
    FieldType(
      schema: Schema(["type": "string"]), sample: "An example"
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      let scalars = text.unicodeScalars
      guard !scalars.contains(where: { $0.properties.generalCategory == .control })
      else { throw InvalidValue("may have no control characters") }
      let start = scalars.drop { $0.properties.isWhitespace }
      let length = start.reversed().drop { $0.properties.isWhitespace }.count
      return String(String.UnicodeScalarView(start.prefix(min(length, ShortURL.longestTitle))))
    } write: {
      .string($0)
    }
  }

  static var titleSummary: String {
    """
    What people call it: one line. Blanks around it and what follows \(ShortURL.longestTitle) characters \
    are cut off.
    """
  }
}

extension FieldType<Int> {
  /// How many visits a link may have.
  static var visitLimit: FieldType { integer(in: 1...Int(Int32.max), sample: 100) }
}
