package import HTTPTypes
package import JSON

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
  /// What such a problem says, for example.
  package let detail: String
  /// The further members of such a problem, for example.
  package let members: JSONObject

  /// One of Swiftlet's own, whose title is that of its status.
  package init(
    _ slug: StaticString, _ status: HTTPResponse.Status, _ summary: String, detail: String? = nil
  ) {
    self.init(.swiftlet, slug, status, title: status.reasonPhrase, summary, detail: detail)
  }

  package init(
    _ namespace: Namespace, _ slug: StaticString, _ status: HTTPResponse.Status, title: String,
    _ summary: String, detail: String? = nil, members: JSONObject = JSONObject()
  ) {
    self.namespace = namespace
    self.slug = slug
    self.status = status
    self.title = title
    self.summary = summary
    self.detail = detail ?? summary
    self.members = members
  }

  /// The same type, with other words about when an operation answers it.
  ///
  /// - Parameters:
  ///   - summary: When it happens there.
  ///   - detail: What the problem says then; the summary when nothing is given.
  /// - Returns: An equal type.
  package func when(_ summary: String, detail: String? = nil) -> ProblemType {
    ProblemType(
      namespace, slug, status, title: title, summary, detail: detail ?? summary, members: members)
  }

  package var uri: String { "\(namespace.rawValue)\(slug)" }

  package static func == (left: ProblemType, right: ProblemType) -> Bool { left.uri == right.uri }
}
