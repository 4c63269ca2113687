package import HTTPTypes

/// Finds who answers a path: the first route whose pattern fits.
package struct Router<Handler> {
  /// The paths of a route: one path, or every path that goes on with one segment after a prefix.
  package enum Pattern: Sendable {
    case exact(String)
    case segment(after: String)

    /// What the pattern captures of a path, or nil when it doesn't fit.
    func match(_ path: Substring) -> Substring? {
      switch self {
      case .exact(let whole):
        return path.utf8.elementsEqual(whole.utf8) ? path[path.endIndex...] : nil
      case .segment(let prefix):
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...]
        return rest.isEmpty || rest.utf8.contains(UInt8(ascii: "/")) ? nil : rest
      }
    }
  }

  package enum Match {
    /// The handler, and the captured segment (nothing for an exact path).
    case found(Handler, Substring)
    /// The path is there, but not for this method; `allow` names those it is there for.
    case methodNotAllowed(allow: String)
    case notFound
  }

  private struct Route {
    let methods: [HTTPRequest.Method]
    let pattern: Pattern
    let handler: Handler
  }

  private var routes: [Route] = []

  package init() {}

  /// Adds a route; those added first are asked first.
  package mutating func on(
    _ methods: HTTPRequest.Method..., at pattern: Pattern, _ handler: Handler
  ) {
    routes.append(Route(methods: methods, pattern: pattern, handler: handler))
  }

  package func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
    for route in routes {
      guard let captured = route.pattern.match(path) else { continue }
      guard route.methods.contains(method) else {
        return .methodNotAllowed(allow: route.methods.map(\.rawValue).joined(separator: ", "))
      }
      return .found(route.handler, captured)
    }
    return .notFound
  }
}
