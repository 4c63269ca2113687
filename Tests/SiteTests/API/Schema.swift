import Foundation
import TestSupport

/// As much of JSON Schema as the API's description uses.
struct Schema {
  private let schema: [String: JSONAnswer]
  private let root: JSONAnswer

  /// - Parameters:
  ///   - schema: It, or a reference to it.
  ///   - root: The document that its references are of.
  /// - Throws: When it is no object, or a reference leads nowhere.
  init(_ schema: JSONAnswer, root: JSONAnswer) throws {
    var schema = schema
    while let reference = try schema.members["$ref"] {
      schema = try root.at(reference: reference.text)
    }
    self.schema = try schema.members
    self.root = root
  }

  /// What a value has that the schema does not allow.
  func complaints(about value: Any, at path: String = "") throws -> [String] {
    var complaints: [String] = []
    let types = try schema["type"].map { try $0.value is String ? [$0.text] : $0.texts } ?? []
    if !types.isEmpty, !types.contains(where: { Self.isOf(value, $0) }) {
      complaints.append("\(path): \(value) is not \(types)")
    }
    if let choices = try schema["enum"]?.texts, !choices.contains(value as? String ?? "") {
      complaints.append("\(path): \(value) is none of \(choices)")
    }
    if let pattern = try schema["pattern"]?.text, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      complaints.append("\(path): \(text) is not like \(pattern)")
    }
    if let least = schema["minimum"]?.value as? Double, let number = value as? Double,
      number < least
    {
      complaints.append("\(path): \(number) < \(least)")
    }
    if let items = schema["items"], let elements = value as? [Any] {
      for (index, element) in elements.enumerated() {
        complaints += try Schema(items, root: root)
          .complaints(about: element, at: "\(path)/\(index)")
      }
    }
    if let object = value as? [String: Any] { complaints += try members(object, path) }
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
        complaints += try Schema(property, root: root)
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
    case "integer": (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
    case "number": value is NSNumber
    default: false
    }
  }
}

extension JSONAnswer {
  /// What a reference such as `#/components/schemas/Link` leads to.
  func at(reference: String) throws -> JSONAnswer {
    try reference.split(separator: "/").dropFirst().reduce(self) { try $0[String($1)] }
  }
}
