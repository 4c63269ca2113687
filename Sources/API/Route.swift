package import HTTPTypes
package import Web

/// Where an operation is: a method and a path.
package struct Route: Sendable, CustomStringConvertible {
  package let method: HTTPRequest.Method
  package let path: PathTemplate

  package init(_ method: HTTPRequest.Method, _ path: PathTemplate) {
    self.method = method
    self.path = path
  }

  package static func get(_ path: PathTemplate) -> Route { Route(.get, path) }
  package static func post(_ path: PathTemplate) -> Route { Route(.post, path) }
  package static func put(_ path: PathTemplate) -> Route { Route(.put, path) }
  package static func patch(_ path: PathTemplate) -> Route { Route(.patch, path) }
  package static func delete(_ path: PathTemplate) -> Route { Route(.delete, path) }

  /// All methods that are answered here: HEAD is GET without the body.
  package var methods: [HTTPRequest.Method] { method == .get ? [.get, .head] : [method] }

  /// Whether it belongs to the REST API, whose clients expect Shlink's types of problems.
  package var isREST: Bool { path.isREST }

  package var description: String { "\(method.rawValue) \(path)" }
}
