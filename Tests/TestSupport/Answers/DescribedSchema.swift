import Foundation

/// As much of JSON Schema as the API's description uses.
package struct DescribedSchema {
  private let schema: [String: JSONAnswer]
  /// The schema that it refers to; what stands beside the reference holds, too.
  private let referred: [DescribedSchema]
  private let root: JSONAnswer

  /// - Parameters:
  ///   - schema: It, or a reference to it.
  ///   - root: The document that its references are of.
  /// - Throws: When it is no object, or a reference leads nowhere.
  package init(_ schema: JSONAnswer, root: JSONAnswer) throws {
    self.schema = try schema.members
    self.root = root
    referred =
      try self.schema["$ref"].map { reference in
        [try DescribedSchema(root.at(reference: reference.text), root: root)]
      } ?? []
  }

  /// What a value has that the schema does not allow.
  package func complaints(about value: Any, at path: String = "") throws -> [String] {
    var complaints = try referred.flatMap { try $0.complaints(about: value, at: path) }
    let types = try schema["type"].map { try $0.value is String ? [$0.text] : $0.texts } ?? []
    if !types.isEmpty, !types.contains(where: { Self.isOf(value, $0) }) {
      complaints.append("\(path): \(value) is not \(types)")
    }
    if let choices = try schema["enum"]?.elements.map(\.description),
      !choices.contains(JSONAnswer(value).description)
    {
      complaints.append("\(path): \(value) is none of \(choices)")
    }
    if let choices = try schema["anyOf"]?.elements,
      !(try choices.contains { choice in
        try DescribedSchema(choice, root: root).complaints(about: value, at: path).isEmpty
      })
    {
      complaints.append("\(path): \(value) is like none of \(choices)")
    }
    if let text = value as? String { complaints += try self.text(text, path) }
    if let number = value as? NSNumber { complaints += try self.number(number.doubleValue, path) }
    if let elements = value as? [Any] { complaints += try self.elements(elements, path) }
    if let object = value as? [String: Any] { complaints += try members(object, path) }
    return complaints
  }

  private func text(_ text: String, _ path: String) throws -> [String] {
    var complaints: [String] = []
    if let pattern = try schema["pattern"]?.text,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      complaints.append("\(path): \(text) is not like \(pattern)")
    }
    let count = text.unicodeScalars.count
    if let limit = try schema["maxLength"]?.number, count > limit {
      complaints.append("\(path): \(count) characters > \(limit)")
    }
    if let limit = try schema["minLength"]?.number, count < limit {
      complaints.append("\(path): \(count) characters < \(limit)")
    }
    let formats = [
      "date": #"^\d{4}-\d\d-\d\d$"#, "uri": #"^[a-z][a-z0-9+.-]*:[!-~]+$"#,
      "date-time": #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"#,
    ]
    if let format = try schema["format"]?.text, let pattern = formats[format],
      text.range(of: pattern, options: [.regularExpression, .caseInsensitive]) == nil
    {
      complaints.append("\(path): \(text) is no \(format)")
    }
    return complaints
  }

  private func number(_ number: Double, _ path: String) throws -> [String] {
    var complaints: [String] = []
    if let least = schema["minimum"]?.value as? Double, number < least {
      complaints.append("\(path): \(number) < \(least)")
    }
    if let limit = schema["maximum"]?.value as? Double, number > limit {
      complaints.append("\(path): \(number) > \(limit)")
    }
    return complaints
  }

  private func elements(_ elements: [Any], _ path: String) throws -> [String] {
    var complaints: [String] = []
    if let limit = try schema["maxItems"]?.number, elements.count > limit {
      complaints.append("\(path): \(elements.count) elements > \(limit)")
    }
    if let items = schema["items"] {
      let schema = try DescribedSchema(items, root: root)
      for (index, element) in elements.enumerated() {
        complaints += try schema.complaints(about: element, at: "\(path)/\(index)")
      }
    }
    return complaints
  }

  private func members(_ object: [String: Any], _ path: String) throws -> [String] {
    var complaints: [String] = []
    let properties = try schema["properties"]?.members ?? [:]
    for name in try schema["required"]?.texts ?? [] where object[name] == nil {
      complaints.append("\(path): \(name) is missing")
    }
    let others = schema["additionalProperties"]
    for (name, member) in object {
      if let property = properties[name] ?? others.flatMap({ $0.value is Bool ? nil : $0 }) {
        complaints += try DescribedSchema(property, root: root)
          .complaints(about: member, at: "\(path)/\(name)")
      } else if others?.value as? Bool == false {
        complaints.append("\(path): \(name) is not described")
      }
    }
    return complaints
  }

  private static func isOf(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": isBool(value)
    case "integer":
      !isBool(value)
        && (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
    case "number": value is NSNumber && !isBool(value)
    default: false
    }
  }

  /// A truth value is a number of one character.
  private static func isBool(_ value: Any) -> Bool {
    (value as? NSNumber)?.objCType.pointee == CChar(UInt8(ascii: "c"))
  }
}

extension JSONAnswer {
  /// What a reference such as `#/components/schemas/Link` leads to.
  package func at(reference: String) throws -> JSONAnswer {
    try reference.split(separator: "/").dropFirst().reduce(self) { try $0[String($1)] }
  }
}
