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
      Problem(
        .unsupportedMediaType,
        detail: "The body must be JSON in UTF-8, with Content-Type: application/json.")
    case .unsupportedContentCoding:
      Problem(
        .unsupportedMediaType,
        detail: "The body must come as it is, without a Content-Encoding.",
        fields: [Response.Field("Accept-Encoding", "identity")])
    case .invalidJSON(let error):
      Problem(
        isREST ? ProblemType.Shlink.malformedBody : .invalidJSON,
        detail: "The body is not JSON: \(error).")
    case .noObject(let kind):
      Problem(
        isREST ? ProblemType.Shlink.malformedBody : .invalidData,
        detail: "The body must be an object, not \(kind).")
    case .invalid(let complaints): Self.problem(complaints, isREST: isREST)
    }
  }

  private static func problem(_ complaints: [Complaint], isREST: Bool) -> Problem {
    if let type = complaints.first(where: \.isOfPath)?.value.type {
      return Problem(type, detail: type.summary)
    }
    let details = complaints.map(\.sentence).joined(separator: " ")
    guard isREST else {
      return Problem(complaints.first?.value.type ?? .invalidData, detail: details)
    }
    var names: [String] = []
    for complaint in complaints where !names.contains(complaint.name) {
      names.append(complaint.name)
    }
    return Problem(
      ProblemType.Shlink.invalidData, detail: details,
      members: [.init("invalidElements", .array(names.map { .string($0) }))])
  }
}
