package import Destinations
import HTTPTypes
package import JSON
package import Web

/// Every way in which a request that changes links can fail.
package enum ManagementFailure: Answerable, Equatable {
  case bodyTooLarge
  case unsupportedMediaType
  case unsupportedContentCoding
  case invalidJSON(JSONError)
  case invalidMember(String)
  case invalidURL(DestinationURLError)
  /// PostgreSQL, or who gives ids, can't be had for now.
  case unavailable(retryAfterSeconds: Int)

  package var problem: Problem {
    switch self {
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
    case .unavailable(let seconds):
      .unavailable("Links can't be stored for now.", retryAfterSeconds: seconds)
    }
  }
}
