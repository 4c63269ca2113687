extension ProblemType {
  /// The type by which a failure is told: under `/rest` Shlink's, where it has one.
  ///
  /// - Parameter isREST: Whether the path is under `/rest`.
  /// - Returns: The type; a problem's other words are the caller's.
  package func told(isREST: Bool) -> ProblemType {
    guard isREST else { return self }
    switch self {
    case .invalidJSON: return Shlink.malformedBody
    case .invalidData: return Shlink.invalidData
    case .notFound: return Shlink.notFound
    case .shortURLNotFound: return Shlink.shortURLNotFound
    default: return self
    }
  }
}
