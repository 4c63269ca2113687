import Access
import HTTPTypes
import JSON
import Web

/// One operation in the API's description (OpenAPI 3.1, "Operation Object").
struct OperationItem {
  private let operation: OperationDescription

  init(_ operation: OperationDescription) {
    self.operation = operation
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("operationId", .string(operation.name)),
      ("tags", .array([.string(operation.topic.rawValue)])),
      ("summary", .string(operation.summary)),
    ]
    let details = OperationSecurity.details(operation)
    if !details.isEmpty { members.append(("description", .string(details))) }
    if let security = OperationSecurity.requirement(of: operation) {
      members.append(("security", security))
    }
    if !parameters.isEmpty { members.append(("parameters", .array(parameters.map(parameter)))) }
    if let bodySchema { members.append(("requestBody", requestBody(bodySchema))) }
    members.append(
      ("responses", .object(responses.map { ("\($0.status.code)", $0.json) })))
    return .object(members)
  }

  /// All schemas that it refers to.
  var schemas: [Schema] {
    parameters.map(\.schema) + (bodySchema.map { [$0] } ?? [])
      + operation.answers.compactMap(\.content?.schema)
  }

  // MARK: Input

  private var parameters: [InputReader.Field] { operation.fields.filter { $0.place != .body } }

  private func parameter(_ field: InputReader.Field) -> JSONValue {
    .object([
      ("name", .string(field.isList ? field.name + "[]" : field.name)),
      ("in", .string(field.place.rawValue)),
      ("required", .bool(field.isRequired)),
      ("description", .string(field.summary)),
      ("schema", field.schema.reference),
    ])
  }

  /// Nil for an operation that takes no body.
  private var bodySchema: Schema? {
    guard operation.body != .none else { return nil }
    let fields = operation.fields.filter { $0.place == .body }
    let described = fields.map { $0.schema.described($0.summary) }
    var object = JSONObject([.init("type", "object")])
    let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { object.append(key: "required", value: .array(required)) }
    if operation.body == .exact {
      object.append(key: "additionalProperties", value: .bool(false))
    }
    object.append(
      key: "properties",
      value: .object(zip(fields, described).map { ($0.name, $1.reference) }))
    let name = operation.name.prefix(1).uppercased() + operation.name.dropFirst()
    return Schema(object: object, named: name + "Request", parts: described)
  }

  private func requestBody(_ schema: Schema) -> JSONValue {
    let fields = operation.fields.filter { $0.place == .body }
    return .object([
      ("required", .bool(operation.body == .exact || fields.contains(where: \.isRequired))),
      (
        "content",
        .object([
          (
            "application/json",
            .object([
              ("schema", schema.reference),
              ("example", .object(fields.map { ($0.name, $0.example) })),
            ])
          )
        ])
      ),
    ])
  }

  // MARK: Output

  /// One for each status, in their order.
  private var responses: [ResponseItem] {
    let statuses = Set(operation.answers.map(\.status) + operation.problems.map(\.status))
    return statuses.sorted { $0.code < $1.code }.map { status in
      ResponseItem(
        status: status, answers: operation.answers.filter { $0.status == status },
        problems: operation.problems.filter { $0.status == status },
        hasBody: operation.route.method != .head)
    }
  }
}
