package import Web

/// Why a request is refused before it is read.
package enum AccessFailure: Answerable, Equatable {
  case noKey
  case invalidKey

  package var problem: Problem {
    Problem(type, detail: type.detail, fields: [Self.challenge])
  }

  /// What a 401 must have (RFC 9110, section 11.6.1).
  ///
  /// Browsers show no form for this scheme.
  private static let challenge = Response.Field("WWW-Authenticate", "Bearer")

  private var type: ProblemType {
    switch self {
    case .noKey: ProblemType.Shlink.missingAuthentication
    case .invalidKey: ProblemType.Shlink.invalidAPIKey
    }
  }
}
