import JSON

extension FieldType<String> {
  /// A text of limited length, in characters.
  package static func string(
    atMost limit: Int, pattern: String? = nil, format: String? = nil, sample: String
  ) -> FieldType {
    FieldType(
      schema: schema(format: format, pattern: pattern, limit: limit), sample: sample
    ) { value throws(InvalidValue) in
      let text = try text(value)
      guard text.unicodeScalars.count <= limit else {
        throw InvalidValue("may have \(limit) characters at most")
      }
      return text
    } write: {
      .string($0)
    }
  }

  /// A text that is answered: a URL, a time, a host.
  ///
  /// - Parameters:
  ///   - format: One of JSON Schema's, such as `date-time`.
  ///   - pattern: What all of them are like, as a regular expression of ECMAScript.
  ///   - limit: How many characters it has at most.
  ///   - sample: One of them.
  /// - Returns: The type.
  package static func text(
    format: String? = nil, pattern: String? = nil, atMost limit: Int? = nil, sample: String
  ) -> FieldType {
    FieldType(
      schema: schema(format: format, pattern: pattern, limit: limit), sample: sample,
      read: { value throws(InvalidValue) in try text(value) }, write: { .string($0) })
  }

  /// A URL that is answered.
  package static func url(sample: String) -> FieldType { text(format: "uri", sample: sample) }

  /// A day in UTC that is answered: RFC 3339's full-date.
  package static var date: FieldType { text(format: "date", sample: "2026-11-22") }

  /// A time that is answered (RFC 3339).
  package static var dateTime: FieldType {
    text(format: "date-time", sample: "2026-11-22T10:11:12Z")
  }

  private static func schema(format: String?, pattern: String?, limit: Int?) -> Schema {
    var object = JSONObject([.init("type", "string")])
    if let format { object.append(key: "format", value: .string(format)) }
    if let pattern { object.append(key: "pattern", value: .string(pattern)) }
    if let limit { object.append(key: "maxLength", value: .number("\(limit)")) }
    return Schema(object: object)
  }

  private static func text(_ value: InputValue) throws(InvalidValue) -> String {
    guard let text = value.string else {
      throw InvalidValue("must be a string, not \(value.kind)")
    }
    return text
  }
}

extension FieldType where Value: RawRepresentable<String> & CaseIterable {
  /// One of a few words.
  package static func word(sample: Value) -> FieldType {
    FieldType(
      schema: Schema([
        "type": "string", "enum": .array(Value.allCases.map { .string($0.rawValue) }),
      ]), sample: sample
    ) { value throws(InvalidValue) in
      guard let word = value.string.flatMap(Value.init) else {
        let words = Value.allCases.map(\.rawValue)
        throw InvalidValue("must be one of \(words.joined(separator: ", "))")
      }
      return word
    } write: {
      .string($0.rawValue)
    }
  }
}

extension FieldType {
  /// Some of a few words, with commas between.
  package static func words<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    of type: Word.Type
  ) -> FieldType where Value == [Word] {
    let all = Word.allCases.map(\.rawValue)
    let one = "(\(all.joined(separator: "|")))"
    return FieldType(
      schema: Schema(["type": "string", "pattern": .string("^\(one)(,\(one))*$")]),
      sample: Array(Word.allCases)
    ) { value throws(InvalidValue) in
      let words = (value.string ?? "").split(separator: ",", omittingEmptySubsequences: false)
      let named = Set(words.map(String.init))
      guard named.isSubset(of: all) else {
        throw InvalidValue("may name \(all.joined(separator: ", ")), with commas between")
      }
      return Word.allCases.filter { named.contains($0.rawValue) }
    } write: {
      .string($0.map(\.rawValue).joined(separator: ","))
    }
  }
}
