import HTTPTypes
import JSON

/// Every kind of problem that programs answer.
///
/// nginx answers some of its own by the same types (nginx-config/swiftlet/problems.conf).
extension ProblemType {
  package static let all: [ProblemType] = own + shlink

  // MARK: Swiftlet's own

  package static let badRequest = ProblemType(
    "bad-request", .badRequest, "The request can't be read.")
  package static let invalidJSON = ProblemType(
    "invalid-json", .badRequest,
    "The body is not JSON: not well-formed, not UTF-8, empty, nested too deep, or with a key twice.",
    detail: "The body is not JSON: it is empty (byte 0).")
  package static let forbidden = ProblemType(
    "forbidden", .forbidden, "Who asks may not do this.")
  package static let notFound = ProblemType(
    "not-found", .notFound, "There is nothing at this path.")
  package static let shortURLNotFound = ProblemType(
    "short-url-not-found", .notFound, "No link has this short code.")
  package static let apiKeyNotFound = ProblemType(
    "api-key-not-found", .notFound, "No API key has this id.")
  package static let apiKeyConflict = ProblemType(
    "api-key-conflict", .conflict, "Another API key has this name.")
  package static let sessionEnded = ProblemType(
    "session-ended", .unauthorized, "The session has ended.",
    detail: "The session has ended: sign in again.")
  package static let sessionNotFound = ProblemType(
    "session-not-found", .notFound, "The API key has no session with this id.")
  package static let invalidCode = ProblemType(
    "invalid-code", .unauthorized, "The code is unknown, used or too old.",
    detail: "The code is unknown, used or too old: `swiftlet key sign-in` makes another one.")
  package static let tenantNotFound = ProblemType(
    "tenant-not-found", .notFound, "No tenant has this name.")
  package static let tenantConflict = ProblemType(
    "tenant-conflict", .conflict, "Another tenant has this name, or this one is in use.")
  package static let domainInUse = ProblemType(
    "domain-in-use", .conflict, "The domain has links or API keys.",
    detail: "A domain is deleted when it has no links and no API keys any more.")
  package static let revisionConflict = ProblemType(
    "revision-conflict", .preconditionFailed,
    "The link was changed since the revision that the request names; `shortUrl` is it now.",
    detail: "The link was changed meanwhile.")
  package static let methodNotAllowed = ProblemType(
    "method-not-allowed", .methodNotAllowed, "The path is there for other methods.")
  package static let gone = ProblemType(
    "gone", .gone, "The link is disabled or deleted.",
    detail: "The short URL doesn't lead anywhere any more.")
  package static let payloadTooLarge = ProblemType(
    "payload-too-large", .contentTooLarge, "The body is longer than 64 KiB.")
  package static let uriTooLong = ProblemType(
    "uri-too-long", .uriTooLong, "The request line is longer than 32 KiB.")
  package static let unsupportedMediaType = ProblemType(
    "unsupported-media-type", .unsupportedMediaType,
    "The body is not said to be JSON in UTF-8, or it has a Content-Encoding.",
    detail: "The body must be JSON in UTF-8, with Content-Type: application/json.")
  package static let invalidData = ProblemType(
    "invalid-data", .unprocessableContent, "The body is JSON, but a member is missing or wrong.")
  package static let invalidURL = ProblemType(
    "invalid-url", .unprocessableContent, "The URL can't be shortened.",
    detail: "The URL must begin with http:// or https://.")
  package static let tooManyLinks = ProblemType(
    "too-many-links", .unprocessableContent, "Visits of so many links can't be listed together.",
    detail: "These are the visits of more than 10000 links: ask for those of a tag or a domain.")
  package static let tooManyRequests = ProblemType(
    "too-many-requests", .tooManyRequests,
    """
    This client asks for too much: links in a minute, or requests in a second or at a time. Or this API \
    key has made more requests in a minute than it may.
    """,
    detail: "Slow down; Retry-After says for how many seconds.")
  package static let serviceUnavailable = ProblemType(
    "service-unavailable", .serviceUnavailable, "An engine that the answer needs is away.")

  private static let own: [ProblemType] = [
    .badRequest, .invalidJSON, .forbidden, .notFound, .shortURLNotFound, .apiKeyNotFound,
    .apiKeyConflict, .sessionEnded, .sessionNotFound, .invalidCode, .tenantNotFound,
    .tenantConflict, .domainInUse, .revisionConflict, .methodNotAllowed, .gone,
    .payloadTooLarge, .uriTooLong, .unsupportedMediaType, .invalidData, .invalidURL, .tooManyLinks,
    .tooManyRequests, .serviceUnavailable,
  ]

  // MARK: Shlink's

  /// The types of Shlink's REST API, whose clients match on them.
  package enum Shlink {
    package static let malformedBody = ProblemType(
      .shlink, "malformed-request-body", .badRequest, title: "Malformed request body",
      "The body is not JSON, or it is JSON but no object.",
      detail: "The body is not JSON: it is empty (byte 0).")
    package static let invalidData = ProblemType(
      .shlink, "invalid-data", .badRequest, title: "Invalid data",
      "A parameter or a member is wrong; `invalidElements` names each.",
      detail: "longUrl is missing.",
      members: JSONObject([.init("invalidElements", .array(["longUrl"]))]))
    package static let invalidDeletion = ProblemType(
      .shlink, "invalid-short-url-deletion", .unprocessableContent,
      title: "Cannot delete short URL", "The link has too many visits (DELETE_THRESHOLD).",
      detail: "The link has 15 visits or more.",
      members: JSONObject([.init("shortCode", "1LDUVEdRXYk"), .init("threshold", .number("15"))]))
    package static let nonUniqueSlug = ProblemType(
      .shlink, "non-unique-slug", .badRequest, title: "Invalid custom slug",
      "Another link has this name.", detail: "Provided slug \"summer-sale\" is already in use.",
      members: JSONObject([.init("customSlug", "summer-sale")]))
    package static let missingAuthentication = ProblemType(
      .shlink, "missing-authentication", .unauthorized, title: "Invalid authorization",
      "The request has no API key.",
      detail: """
        Expected one of the following authentication headers, ["X-Api-Key", "Authorization"], but none were \
        provided
        """)
    package static let invalidAPIKey = ProblemType(
      .shlink, "invalid-api-key", .unauthorized, title: "Invalid API key",
      "The API key is unknown, disabled or expired.",
      detail: "Provided API key does not exist or is invalid.")
    package static let notFound = ProblemType(
      .shlink, "not-found", .notFound, title: "Not found",
      "There is nothing at this path for this method.")
    package static let mercureNotConfigured = ProblemType(
      .shlink, "mercure-not-configured", .notImplemented,
      title: "Mercure integration not configured", "There is no Mercure hub.",
      detail: "This instance is not integrated with a Mercure hub.")
    package static let shortURLNotFound = ProblemType(
      .shlink, "short-url-not-found", .notFound, title: "Short URL not found",
      "No link has this short code.", detail: "No URL found with short code \"1LDUVEdRXYk\"",
      members: JSONObject([.init("shortCode", "1LDUVEdRXYk")]))
    package static let tagNotFound = ProblemType(
      .shlink, "tag-not-found", .notFound, title: "Tag not found", "There is no such tag.",
      detail: "Tag with name \"news\" could not be found",
      members: JSONObject([.init("tag", "news")]))
    package static let domainNotFound = ProblemType(
      .shlink, "domain-not-found", .notFound, title: "Domain not found", "There is no such domain.",
      detail: "Domain with authority \"s.example\" could not be found",
      members: JSONObject([.init("authority", "s.example")]))
    package static let tagConflict = ProblemType(
      .shlink, "tag-conflict", .conflict, title: "Tag conflict",
      "Another tag has the new name already.",
      detail: "You cannot rename tag summer to winter, because it already exists",
      members: JSONObject([.init("oldName", "summer"), .init("newName", "winter")]))
    package static let forbiddenTagOperation = ProblemType(
      .shlink, "forbidden-tag-operation", .forbidden, title: "Forbidden tag operation",
      "The API key sees only some links, and tags belong to all of its tenant's.",
      detail: "You are not allowed to rename tags")
  }

  private static let shlink: [ProblemType] = [
    Shlink.malformedBody, Shlink.invalidData, Shlink.nonUniqueSlug, Shlink.invalidDeletion,
    Shlink.missingAuthentication, Shlink.invalidAPIKey,
    Shlink.notFound, Shlink.mercureNotConfigured, Shlink.shortURLNotFound, Shlink.tagNotFound,
    Shlink.domainNotFound,
    Shlink.tagConflict, Shlink.forbiddenTagOperation,
  ]
}
