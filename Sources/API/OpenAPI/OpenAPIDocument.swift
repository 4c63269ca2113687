import HTTPTypes
package import JSON
import Web

/// The API's description in OpenAPI 3.1, made from what operations say of themselves.
package struct OpenAPIDocument {
  private let information: JSONObject
  private let operations: [OperationDescription]

  /// - Parameters:
  ///   - information: The document's `info`.
  ///   - descriptions: All operations, in any order: they are sorted by their topics.
  package init(_ information: JSONObject, _ descriptions: [OperationDescription]) {
    self.information = information
    operations = Topic.allCases.flatMap { topic in descriptions.filter { $0.topic == topic } }
  }

  package var json: JSONValue {
    .object([
      ("openapi", "3.1.0"),
      ("info", .object(information)),
      ("servers", .array([.object([("url", "/")])])),
      ("tags", .array(topics.map { .object([("name", .string($0.rawValue))]) })),
      ("paths", paths),
      (
        "components",
        .object([
          ("securitySchemes", OperationSecurity.schemes),
          ("headers", ResponseItem.headers),
          ("responses", .object([(ResponseItem.tooManyRequests, ResponseItem.shared)])),
          ("schemas", schemas),
        ])
      ),
    ])
  }

  /// As a file: two blanks of indentation.
  package var text: String { json.indented + "\n" }

  private var topics: [Topic] {
    Topic.allCases.filter { topic in operations.contains { $0.topic == topic } }
  }

  /// Each path where its first operation stands.
  private var paths: JSONValue {
    var items: [(path: String, methods: [(String, JSONValue)])] = []
    for operation in operations {
      let path = operation.route.path.description
      let method = operation.route.method.rawValue.lowercased()
      let item = (method, OperationItem(operation).json)
      if let index = items.firstIndex(where: { $0.path == path }) {
        items[index].methods.append(item)
      } else {
        items.append((path, [item]))
      }
    }
    return .object(items.map { ($0.path, .object($0.methods)) })
  }

  /// The named ones, each once, in the order of their use.
  private var schemas: JSONValue {
    var known: [Schema] = []
    for schema in operations.flatMap({ OperationItem($0).schemas }) + [ProblemSchema.schema] {
      for component in schema.components {
        guard let other = known.first(where: { $0.name == component.name }) else {
          known.append(component)
          continue
        }
        precondition(other.object == component.object, "two schemas \(component.name ?? "")")
      }
    }
    return .object(known.map { ($0.name ?? "", .object($0.object)) })
  }
}
