package import JSON

/// A JSON Schema (draft 2020-12, as in OpenAPI 3.1), or a reference to a named one.
package struct Schema: Equatable, Sendable {
  /// The schema itself.
  package let object: JSONObject
  /// Its name among the description's components; it is written once and referred to.
  package let name: String?
  /// The named schemas that it refers to, directly or by others.
  private let referred: [Schema]

  package init(_ members: KeyValuePairs<String, JSONValue>, named name: String? = nil) {
    self.init(object: JSONObject(members.map { JSONObject.Member($0, $1) }), named: name)
  }

  /// - Parameters:
  ///   - object: The schema.
  ///   - name: Its name, if it has one.
  ///   - parts: The schemas that the object includes by their `reference`.
  package init(object: JSONObject, named name: String? = nil, parts: [Schema] = []) {
    self.object = object
    self.name = name
    referred = parts.flatMap(\.components)
  }

  /// An array of these.
  package static func array(of items: Schema, atMost limit: Int? = nil) -> Schema {
    var object = JSONObject([.init("type", "array")])
    if let limit { object.append(key: "maxItems", value: .number("\(limit)")) }
    object.append(key: "items", value: items.reference)
    return Schema(object: object, parts: [items])
  }

  /// An object whose members' names aren't known beforehand, and whose values are these.
  package static func map(of values: Schema) -> Schema {
    Schema(
      object: JSONObject([
        .init("type", "object"), .init("additionalProperties", values.reference),
      ]), parts: [values])
  }

  static var anyObject: Schema { Schema(["type": "object"]) }

  /// All named schemas: itself, if it is one, and those that it refers to.
  package var components: [Schema] { (name == nil ? [] : [self]) + referred }

  /// The same, with `null` as a further type.
  package var orNull: Schema {
    guard name == nil, let type = object["type"] else {
      let null = JSONValue.object(JSONObject([.init("type", "null")]))
      return Schema(
        object: JSONObject([.init("anyOf", .array([reference, null]))]), parts: [self])
    }
    let members = object.members.map { member in
      switch member.key {
      case "type": JSONObject.Member("type", .array((type.array ?? [type]) + ["null"]))
      case "enum": JSONObject.Member("enum", .array((member.value.array ?? []) + [.null]))
      default: member
      }
    }
    return Schema(object: JSONObject(members), parts: referred)
  }

  /// The same, with this description.
  package func described(_ summary: String) -> Schema {
    guard !summary.isEmpty else { return self }
    let members = (reference.object?.members ?? []).filter { $0.key != "description" }
    return Schema(
      object: JSONObject(members + [.init("description", .string(summary))]), parts: components)
  }

  /// How another schema includes it.
  package var reference: JSONValue {
    .object(name == nil ? object : JSONObject([.init("$ref", referenceText)]))
  }

  private var referenceText: JSONValue { .string("#/components/schemas/\(name ?? "")") }
}
