import Access
package import Web

/// Why something about a session can't be done.
package enum SessionFailure: Answerable, Equatable {
  /// Who signs in has sent neither a key nor a code.
  case noCredentials
  /// The code is unknown, used or too old. Nobody is told which.
  case wrongCode
  /// The key stopped working meanwhile.
  case keyGone
  /// The caller's key has no such session.
  case notFound

  package var problem: Problem {
    switch self {
    case .noCredentials: AccessFailure.noKey.problem
    case .wrongCode: .unauthorized(.invalidCode)
    case .keyGone: AccessFailure.invalidKey.problem
    case .notFound: Problem(.sessionNotFound, detail: ProblemType.sessionNotFound.summary)
    }
  }
}
