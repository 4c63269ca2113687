package import JSON
package import Web

/// The type of a field: how it is read, how it is written, and what the API's description says of it.
package struct FieldType<Value: Sendable>: Sendable {
  package let schema: Schema
  /// A value that is valid, for the description.
  package let sample: Value
  let read: @Sendable (InputValue) throws(InvalidValue) -> Value
  let write: @Sendable (Value) -> JSONValue

  /// - Parameters:
  ///   - schema: What it looks like in JSON.
  ///   - sample: A value that is valid.
  ///   - read: The value that was sent, or why it is none.
  ///   - write: The value as JSON.
  package init(
    schema: Schema, sample: Value,
    read: @escaping @Sendable (InputValue) throws(InvalidValue) -> Value,
    write: @escaping @Sendable (Value) -> JSONValue
  ) {
    self.schema = schema
    self.sample = sample
    self.read = read
    self.write = write
  }
}

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

  package var kind: String {
    switch self {
    case .json(let value): "\(value.kind)"
    case .text: "a text"
    }
  }
}

/// Why a value is refused; the words follow the field's name or stand for themselves.
package struct InvalidValue: Error, Equatable {
  package let reason: String
  /// The type of problem where one field decides it; else the request has invalid data.
  package let type: ProblemType?
  /// Whether the reason is a sentence of its own.
  package var isSentence: Bool { type != nil }

  package init(_ reason: String, as type: ProblemType? = nil) {
    self.reason = reason
    self.type = type
  }
}

// MARK: - Types

extension FieldType<String> {
  /// A text of limited length, in characters.
  package static func string(atMost limit: Int, sample: String) -> FieldType {
    FieldType(
      schema: Schema(["type": "string", "maxLength": .number("\(limit)")]), sample: sample
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      guard text.unicodeScalars.count <= limit else {
        throw InvalidValue("may have \(limit) characters at most")
      }
      return text
    } write: {
      .string($0)
    }
  }

  /// A URL that is answered.
  package static func url(sample: String) -> FieldType {
    FieldType(
      schema: Schema(["type": "string", "format": "uri"]), sample: sample
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      return text
    } write: {
      .string($0)
    }
  }
}

extension FieldType<Int> {
  /// An integer; digits in a string are one, too.
  package static func integer(in range: ClosedRange<Int>, sample: Int) -> FieldType {
    var members: JSONObject = JSONObject([.init("type", "integer")])
    if range.lowerBound > .min {
      members.append(key: "minimum", value: .number("\(range.lowerBound)"))
    }
    if range.upperBound < .max {
      members.append(key: "maximum", value: .number("\(range.upperBound)"))
    }
    return FieldType(
      schema: Schema(object: members), sample: sample
    ) { value throws(InvalidValue) in
      let number: Int? =
        if case .json(let json) = value, let integer = json.integer { integer } else {
          value.string.flatMap { Int($0) }
        }
      guard let number else { throw InvalidValue("must be an integer, not \(value.kind)") }
      guard range.contains(number) else {
        throw InvalidValue(
          range.upperBound == .max
            ? "must be \(range.lowerBound) or more"
            : "must be from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    } write: {
      .number(String($0))
    }
  }
}

extension FieldType<Bool> {
  /// `true` or `false`.
  package static var boolean: FieldType {
    FieldType(schema: Schema(["type": "boolean"]), sample: true) {
      value throws(InvalidValue) in
      switch value {
      case .json(.bool(let bool)): return bool
      case .text("true"), .text("1"): return true
      case .text("false"), .text("0"): return false
      default: throw InvalidValue("must be true or false, not \(value.kind)")
      }
    } write: {
      .bool($0)
    }
  }
}

extension FieldType where Value: RawRepresentable<String> & CaseIterable {
  /// One of a few words.
  package static func word(sample: Value) -> FieldType {
    let words = Value.allCases.map(\.rawValue)
    return FieldType(
      schema: Schema(["enum": .array(words.map { .string($0) })]), sample: sample
    ) { value throws(InvalidValue) in
      guard let word = value.string.flatMap(Value.init) else {
        throw InvalidValue("must be one of \(words.joined(separator: ", "))")
      }
      return word
    } write: {
      .string($0.rawValue)
    }
  }
}
