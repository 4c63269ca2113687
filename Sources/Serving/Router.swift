import Glibc
package import HTTPTypes
package import Links
package import Web

/// Finds who answers a path: the first route whose pattern fits, or of several templates that fit, the
/// first that has the method.
///
/// It stands where it is used: from another module it would stay generic on the way of every request.
package struct Router<Handler> {
  /// The paths of a route: one path, or every path that goes on with one segment after a prefix.
  ///
  /// What running text adds to a link is no further segment (`/CODE/`, `/CODE&u=a/b`).
  package enum Pattern: Sendable {
    case exact(StaticString)
    case segment(after: StaticString)
    /// A path with names for some of its segments; the whole path is captured.
    case template(PathTemplate)

    /// What the pattern captures of a path, or nil when it doesn't fit.
    func match(_ path: Request.Bytes, _ slugs: SlugForm = .oneSegment) -> Request.Bytes? {
      switch self {
      case .exact(let whole):
        return path.isText(whole) ? Request.Bytes(rebasing: path[path.count...]) : nil
      case .segment(let prefix):
        guard path.begins(with: prefix) else { return nil }
        let rest = Request.Bytes(rebasing: path[prefix.utf8CodeUnitCount...])
        return Self.isName(rest, slugs) ? rest : nil
      case .template(let template):
        let captures = template.captures(
          of: path, isLink: { Self.isName($0, slugs) }, isSlug: Self.isSlug(slugs))
        return captures == nil ? nil : path
      }
    }

    /// Whether bytes are one segment, or a link's name with what running text adds to it.
    package static func isName(_ text: Request.Bytes) -> Bool { isName(text, .oneSegment) }

    /// The same where slugs have this form.
    package static func isName(_ text: Request.Bytes, _ slugs: SlugForm) -> Bool {
      isSegment(text) || isSegment(Slug.start(of: text)) || slugs == .segments && text.count > 0
    }

    /// Whether bytes with slashes are a link's slug; nil where no slug has any.
    package static func isSlug(_ slugs: SlugForm) -> ((Request.Bytes) -> Bool)? {
      slugs == .oneSegment ? nil : { Slug($0)?.isReserved == false }
    }

    private static func isSegment(_ text: Request.Bytes) -> Bool {
      guard let start = text.baseAddress, text.count > 0 else { return false }
      return memchr(start, Int32(UInt8(ascii: "/")), text.count) == nil
    }
  }

  enum Match {
    /// The handler, and the captured segment (nothing for an exact path).
    case found(Handler, Request.Bytes)
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
  /// How many segments the slug of a path may have.
  package let slugs: SlugForm

  package init(slugs: SlugForm = .oneSegment) {
    self.slugs = slugs
  }

  /// Adds a route; those added first are asked first.
  package mutating func on(
    _ methods: HTTPRequest.Method..., at pattern: Pattern, _ handler: Handler
  ) {
    on(methods, at: pattern, handler)
  }

  package mutating func on(
    _ methods: [HTTPRequest.Method], at pattern: Pattern, _ handler: Handler
  ) {
    routes.append(Route(methods: methods, pattern: pattern, handler: handler))
  }

  func match(_ method: HTTPRequest.Method, _ path: Request.Bytes) -> Match {
    var allowed: [HTTPRequest.Method]?
    for route in routes {
      guard let captured = route.pattern.match(path, slugs) else { continue }
      if route.methods.contains(method) { return .found(route.handler, captured) }
      let known = allowed ?? []
      allowed = known + route.methods.filter { !known.contains($0) }
      // Only templates may share a path.
      guard case .template = route.pattern else { break }
    }
    guard let allowed else { return .notFound }
    return .methodNotAllowed(allow: allowed.map(\.rawValue).joined(separator: ", "))
  }
}
