package import HTTPTypes

/// A kind of problem (RFC 9457): a URI that never changes its meaning, with its status.
///
/// Two namespaces: Swiftlet's own, and Shlink's for what clients of its REST API match on.
package struct ProblemType: Equatable, Sendable {
  package enum Namespace: String, Sendable {
    case swiftlet = "urn:problem-type:swiftlet:"
    case shlink = "https://shlink.io/api/error/"
  }

  package let namespace: Namespace
  package let slug: StaticString
  package let status: HTTPResponse.Status
  /// A few words, the same for every problem of this type.
  package let title: String
  /// When it happens, for the API's description.
  package let summary: String

  /// One of Swiftlet's own, whose title is that of its status.
  package init(_ slug: StaticString, _ status: HTTPResponse.Status, _ summary: String) {
    self.init(.swiftlet, slug, status, title: status.reasonPhrase, summary)
  }

  package init(
    _ namespace: Namespace, _ slug: StaticString, _ status: HTTPResponse.Status, title: String,
    _ summary: String
  ) {
    self.namespace = namespace
    self.slug = slug
    self.status = status
    self.title = title
    self.summary = summary
  }

  package var uri: String { "\(namespace.rawValue)\(slug)" }

  package static func == (left: ProblemType, right: ProblemType) -> Bool { left.uri == right.uri }
}
