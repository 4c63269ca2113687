package import JSON

/// A JSON Schema (draft 2020-12, as in OpenAPI 3.1), or a reference to a named one.
package struct Schema: Equatable, Sendable {
  /// The schema itself.
  package let object: JSONObject
  /// Its name among the description's components; it is written once and referred to.
  package let name: String?

  package init(_ members: KeyValuePairs<String, JSONValue>, named name: String? = nil) {
    self.init(object: JSONObject(members.map { JSONObject.Member($0, $1) }), named: name)
  }

  package init(object: JSONObject, named name: String? = nil) {
    self.object = object
    self.name = name
  }

  /// The same, with `null` as a further type.
  package var orNull: Schema {
    guard name == nil, let type = object["type"] else {
      return Schema(["anyOf": .array([reference, .object(JSONObject([.init("type", "null")]))])])
    }
    let members = object.members.map { member in
      member.key == "type"
        ? JSONObject.Member("type", .array((type.array ?? [type]) + ["null"])) : member
    }
    return Schema(object: JSONObject(members))
  }

  /// The same, with a description beside it.
  package func described(_ summary: String) -> Schema {
    guard !summary.isEmpty else { return self }
    var described = name == nil ? object : JSONObject([.init("$ref", referenceText)])
    if described["description"] == nil {
      described.append(key: "description", value: .string(summary))
    }
    return Schema(object: described)
  }

  /// How another schema includes it.
  package var reference: JSONValue {
    .object(name == nil ? object : JSONObject([.init("$ref", referenceText)]))
  }

  private var referenceText: JSONValue { .string("#/components/schemas/\(name ?? "")") }
}
