import HTTPTypes
package import Web

/// What is answered before any endpoint has seen the request.
package enum RoutingFailure: Answerable, Equatable {
  case notFound
  case methodNotAllowed(allow: String)
  /// The same of a path under `/rest`, where there is no 405, as in Shlink.
  case notFoundInREST
  case malformedTarget
  /// The path is the program api's. The site of an earlier release has nginx ask here.
  case servedByAPI

  package var problem: Problem {
    switch self {
    case .notFound:
      Problem(.notFound, detail: ProblemType.notFound.summary)
    case .methodNotAllowed(let allow):
      Problem(
        .methodNotAllowed, detail: "This path is there for \(allow) only.",
        fields: [Response.Field("Allow", allow)])
    case .notFoundInREST:
      Problem(ProblemType.Shlink.notFound, detail: ProblemType.Shlink.notFound.summary)
    case .malformedTarget:
      Problem(.badRequest, detail: ProblemType.badRequest.summary)
    case .servedByAPI:
      .unavailable(
        "The program api answers this path: nginx's site is older than the programs.",
        retryAfterSeconds: 1)
    }
  }
}
