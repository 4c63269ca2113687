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
          ("description", .string("An API key. " + noKeys)),
        ])
      ),
      (
        "Bearer",
        .object([
          ("type", "http"), ("scheme", "bearer"),
          ("description", .string("The same key as `Authorization: Bearer …`. " + noKeys)),
        ])
      ),
    ])
  }

  /// One of the two.
  static var requirement: JSONValue {
    .array(["ApiKey", "Bearer"].map { .object([($0, .array([]))]) })
  }

  private static let noKeys = """
    This release issues no keys yet, so each such request is answered 401. On the server \
    `swiftlet link` does the same.
    """

  /// What is to be known of an operation, with who may call it.
  static func details(_ operation: OperationDescription) -> String {
    [operation.details, operation.permission == .open ? "" : "Needs an API key. " + noKeys]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}
