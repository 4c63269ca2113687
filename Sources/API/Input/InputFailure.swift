package import JSON
package import Web

/// Why the input of a request is refused, as the API outside `/rest` tells it.
package enum InputFailure: Error, Equatable {
  case bodyTooLarge
  case unsupportedMediaType
  case unsupportedContentCoding
  case invalidJSON(JSONError)
  /// The body is JSON, but no object.
  case noObject(kind: String)
  /// At least one.
  case invalid([Complaint])

  /// How a client is told.
  ///
  /// - Parameter isREST: Whether it is one of Shlink's API, which has other types and statuses.
  /// - Returns: The answer's problem.
  package func problem(isREST: Bool) -> Problem {
    switch self {
    case .bodyTooLarge: Problem(.payloadTooLarge, detail: ProblemType.payloadTooLarge.summary)
    case .unsupportedMediaType:
      Problem(.unsupportedMediaType, detail: ProblemType.unsupportedMediaType.detail)
    case .unsupportedContentCoding:
      Problem(
        .unsupportedMediaType,
        detail: "The body must come as it is, without a Content-Encoding.",
        fields: [Response.Field("Accept-Encoding", "identity")])
    case .invalidJSON(let error):
      Problem(
        .invalidJSON.told(isREST: isREST),
        detail: error.reason == .nul
          ? "No text of the body may have U+0000 (byte \(error.offset))."
          : "The body is not JSON: \(error).")
    case .noObject(let kind):
      Problem(
        isREST ? ProblemType.Shlink.malformedBody : .invalidData,
        detail: "The body must be an object, not \(kind).")
    case .invalid(let complaints): Self.problem(complaints, isREST: isREST)
    }
  }

  private static func problem(_ complaints: [Complaint], isREST: Bool) -> Problem {
    if let complaint = complaints.first(where: \.isOfPath) {
      let type = (complaint.value.type ?? .notFound).told(isREST: isREST)
      return Problem(type, detail: type.summary)
    }
    // What one field alone decides has a type of its own.
    let type = complaints.count == 1 ? complaints[0].value.type : nil
    let detail = complaints.map(\.sentence).joined(separator: " ")
    guard isREST else { return Problem(type ?? .invalidData, detail: detail) }
    return Problem(
      ProblemType.Shlink.invalidData, detail: detail,
      members: [.init("invalidElements", .array(complaints.map { .string($0.name) }))])
  }
}
