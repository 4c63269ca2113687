import API
import Access
import JSON
import Web

extension FieldType<String> {
  /// What people call a key or a tenant: one line without blanks around it.
  static func label(sample: String) -> FieldType {
    FieldType(
      schema: Schema([
        "type": "string", "minLength": .number("1"), "maxLength": .number("\(labelLimit)"),
      ]), sample: sample
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      guard (1...labelLimit).contains(text.unicodeScalars.count) else {
        throw InvalidValue("must have from 1 to \(labelLimit) characters")
      }
      guard
        !text.unicodeScalars.contains(where: { $0.properties.generalCategory.isUnseen }),
        text.first?.isWhitespace == false, text.last?.isWhitespace == false
      else { throw InvalidValue("may have no control characters, and no blanks around it") }
      return text
    } write: {
      .string($0)
    }
  }

  private static var labelLimit: Int { 255 }
}

extension Unicode.GeneralCategory {
  fileprivate var isUnseen: Bool {
    switch self {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}

extension FieldType<Int> {
  /// The id of a key, as a segment of a path.
  static var keyID: FieldType {
    let type = FieldType.integer(in: 1...Int(Int32.max), sample: 7)
    return FieldType(schema: type.schema, sample: type.sample) { value throws(InvalidValue) in
      guard let id = try? type.read(value) else {
        throw InvalidValue("is no id of an API key", as: .apiKeyNotFound)
      }
      return id
    } write: {
      type.write($0)
    }
  }
}

extension FieldType<[Scope]> {
  static var scopes: FieldType {
    .list(of: .word(sample: .readOnly), atMost: Scope.allCases.count)
  }
}
