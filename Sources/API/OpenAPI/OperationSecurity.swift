import Access
import JSON

/// Who may call an operation, in the API's description.
enum OperationSecurity {
  static var schemes: JSONValue {
    .object([
      (
        "ApiKey",
        .object([
          ("type", "apiKey"), ("in", "header"), ("name", "X-Api-Key"),
          ("description", .string("An API key. On the server `swiftlet key create` makes one.")),
        ])
      ),
      (
        "Bearer",
        .object([
          ("type", "http"), ("scheme", "bearer"),
          ("description", .string("The same key as `Authorization: Bearer …`.")),
        ])
      ),
      (
        "ApiKeyParameter",
        .object([
          ("type", "apiKey"), ("in", "query"), ("name", "apiKey"),
          ("description", .string("The same key as a parameter, for one operation.")),
        ])
      ),
    ])
  }

  /// One of them; or none, where an installation may offer it to everyone.
  ///
  /// - Returns: Nil for what is open.
  static func requirement(of operation: OperationDescription) -> JSONValue? {
    guard operation.permission != .open else { return nil }
    let names = (operation.takesKeyInQuery ? ["ApiKeyParameter"] : []) + ["ApiKey", "Bearer"]
    let keys = names.map { JSONValue.object([($0, .array([]))]) }
    return .array(operation.permission.needsKey ? keys : [.object([])] + keys)
  }

  /// What is to be known of an operation, with who may call it.
  static func details(_ operation: OperationDescription) -> String {
    let access =
      switch operation.permission {
      case .open: ""
      case .offered: "An installation may want an API key for this."
      case .read, .create, .edit: "Needs an API key."
      case .signIn: "Needs an API key, or a code and a page of this site's own."
      case .own: "Needs an API key, or a session."
      }
    return [operation.details, access].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
