import HTTPTypes
package import Web

/// What is answered before any endpoint has seen the request.
package enum RoutingFailure: Answerable, Equatable {
  case notFound
  case methodNotAllowed(allow: String)
  case malformedTarget
  /// The path is the program api's. The site of an earlier release has nginx ask here.
  case servedByAPI

  package var problem: Problem {
    switch self {
    case .notFound:
      Problem(.notFound, "not-found", detail: "There is nothing at this path.")
    case .methodNotAllowed(let allow):
      Problem(
        .methodNotAllowed, "method-not-allowed", detail: "This path is there for \(allow) only.",
        fields: [Response.Field("Allow", allow)])
    case .malformedTarget:
      Problem(.badRequest, "bad-request", detail: "The request can't be read.")
    case .servedByAPI:
      .unavailable(
        "The program api answers this path: nginx's site is older than the programs.",
        retryAfterSeconds: 1)
    }
  }
}
