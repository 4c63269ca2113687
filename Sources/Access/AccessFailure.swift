package import Web

/// Why a request is refused before it is read.
package enum AccessFailure: Answerable, Equatable {
  case noKey
  case invalidKey

  package var problem: Problem {
    switch self {
    case .noKey:
      Problem(
        ProblemType.Shlink.missingAuthentication,
        detail: "Expected one of the headers X-Api-Key and Authorization.")
    case .invalidKey:
      Problem(
        ProblemType.Shlink.invalidAPIKey, detail: "Provided API key does not exist or is invalid.")
    }
  }
}
