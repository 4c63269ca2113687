extension JSONValue {
  /// A text for people: a member or an element on each line, two blanks of indentation a level.
  package var indented: String { Self.text(self, indentation: "") }

  private static func text(_ value: JSONValue, indentation: String) -> String {
    let inner = indentation + "  "
    let lines: [String]
    switch value {
    case .object(let object) where !object.members.isEmpty:
      lines = object.members.map { member in
        text(.string(member.key), indentation: inner) + ": "
          + text(member.value, indentation: inner)
      }
      return list("{", lines, "}", indentation)
    case .array(let elements) where !elements.isEmpty:
      lines = elements.map { text($0, indentation: inner) }
      return list("[", lines, "]", indentation)
    case .null, .bool, .number, .string, .array, .object:
      var writer = JSONWriter()
      writer.value(value)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  private static func list(
    _ open: String, _ lines: [String], _ close: String, _ indentation: String
  ) -> String {
    open + "\n" + lines.map { indentation + "  " + $0 }.joined(separator: ",\n") + "\n"
      + indentation + close
  }
}

extension JSONValue {
  /// An object of these members, whose keys are different.
  package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(JSONObject(members.map { JSONObject.Member($0, $1) }))
  }
}
