import HTTPTypes
package import Metrics
import Service
package import Web

/// All failures of a request for a short code.
package enum RedirectFailure: Answerable, Equatable {
  case unknownCode
  /// The link is disabled or deleted.
  case gone
  /// The link is not valid yet. A program is told the same as of an unknown code.
  case early
  /// The link's visits are spent. A program is told the same as of a link that is gone.
  case spent
  /// Memory and Redis don't know the code: a look-up worker answers. No client sees this.
  case handedOn
  /// No store that may be asked can tell where the link leads.
  case unavailable(retryAfterSeconds: Int)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .early: .unknownCode.shown(by: .early)
    case .gone: .gone
    case .spent: .gone.shown(by: .spent)
    case .handedOn:
      Problem(
        .handedOn,
        detail: "nginx should have asked a look-up worker: its files are older than the program.")
    case .unavailable(let seconds):
      .unavailable("Where the link leads can't be told for now.", retryAfterSeconds: seconds)
    }
  }

  /// The outcome for the metrics.
  ///
  /// - Parameter isFinal: Whether nginx passes this worker's failures to the client. nginx brings
  ///   the look-ups' failures to a redirect worker, as a last resort.
  /// - Returns: Nil when nginx asks another worker, which counts the request.
  package func outcome(isFinal: Bool) -> RedirectOutcome? {
    switch self {
    case .unknownCode, .early: .notFound
    case .gone, .spent: .gone
    case .handedOn: nil
    case .unavailable: isFinal ? .unavailable : nil
    }
  }
}

extension Request {
  /// Whether nginx passes on what a worker of this role fails to answer.
  func isFinal(in role: ShortenerRole) -> Bool { role != .lookups && handOn != .lookup }

  /// Whether another worker may have recorded the request.
  func isRetried(in role: ShortenerRole) -> Bool { role == .retries || isLastResort }
}

extension ProblemType {
  /// Used only between a worker and nginx.
  fileprivate static let handedOn = ProblemType(
    "handed-on", HTTPResponse.Status(code: 530, reasonPhrase: "Handed On"),
    "Another worker answers.")
}
