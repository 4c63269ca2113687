package import Destinations
import HTTPTypes
package import JSON
import Links
package import Web

/// Every way in which a request can fail, and the one place that says how each is answered.
package enum Failure: Error, Equatable {
  case notFound
  case methodNotAllowed(allow: String)
  case malformedTarget
  case unknownCode
  /// Neither memory nor Redis knows the code: a look-up worker answers. No client sees this.
  case handedOn
  case bodyTooLarge
  case unsupportedMediaType
  case unsupportedContentCoding
  case invalidJSON(JSONError)
  case invalidMember(String)
  case invalidURL(DestinationURLError)
  /// An engine that this answer needs can't be had for now.
  case unavailable(String, retryAfterSeconds: Int)

  /// Whether no endpoint ever saw the request.
  var isUnrouted: Bool {
    switch self {
    case .notFound, .methodNotAllowed, .malformedTarget: true
    default: false
    }
  }

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
    case .unknownCode:
      Problem(.notFound, "short-url-not-found", detail: "No link has this short code.")
    case .handedOn:
      Problem(
        HTTPResponse.Status(code: 530, reasonPhrase: "Handed On"), "handed-on",
        detail: "nginx should have asked a look-up worker: its files are older than the program.")
    case .bodyTooLarge:
      Problem(
        .contentTooLarge, "payload-too-large", detail: "The body is longer than 64 KiB.")
    case .unsupportedMediaType:
      Problem(
        .unsupportedMediaType, "unsupported-media-type",
        detail: "The body must be JSON in UTF-8, with Content-Type: application/json.")
    case .unsupportedContentCoding:
      Problem(
        .unsupportedMediaType, "unsupported-media-type",
        detail: "The body must come as it is, without a Content-Encoding.",
        fields: [Response.Field("Accept-Encoding", "identity")])
    case .invalidJSON(let error):
      Problem(.badRequest, "invalid-json", detail: "The body is not JSON: \(error).")
    case .invalidMember(let detail):
      Problem(.unprocessableContent, "invalid-data", detail: detail)
    case .invalidURL(let error):
      Problem(.unprocessableContent, "invalid-url", detail: error.description)
    case .unavailable(let detail, let seconds):
      Problem(
        .serviceUnavailable, "service-unavailable", detail: detail,
        fields: [Response.Field("Retry-After", String(seconds))])
    }
  }
}
