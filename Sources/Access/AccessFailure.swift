package import Web

/// Why a request is refused before it is read.
package enum AccessFailure: Answerable, Equatable {
  case noKey
  case invalidKey
  /// The session has ended, or never was.
  case sessionEnded
  /// The key is good, but not for this; the sentence says what it lacks.
  case forbidden(String)
  /// The key has made more requests in this minute than it may.
  case exhausted(Quota)
  /// The client has sent too many wrong keys or sessions to be asked for another.
  case tooManyWrongKeys(retryAfterSeconds: Int)
  /// Whether the key is good can't be found out now.
  case unavailable(retryAfterSeconds: Int)

  package var problem: Problem {
    switch self {
    case .noKey: .unauthorized(ProblemType.Shlink.missingAuthentication)
    case .invalidKey: .unauthorized(ProblemType.Shlink.invalidAPIKey)
    case .sessionEnded: .unauthorized(.sessionEnded)
    case .forbidden(let sentence): Problem(.forbidden, detail: sentence)
    case .exhausted(let quota):
      Self.tooMany(
        "This API key may make \(quota.limit) requests a minute.", quota.secondsLeft, quota.fields)
    case .tooManyWrongKeys(let seconds):
      Self.tooMany("Too many API keys or sessions were wrong.", seconds)
    case .unavailable(let seconds):
      .unavailable("API keys can't be looked up for now.", retryAfterSeconds: seconds)
    }
  }

  private static func tooMany(
    _ sentence: String, _ seconds: Int, _ fields: [Response.Field] = []
  ) -> Problem {
    Problem(
      .tooManyRequests, detail: sentence + " Retry-After says for how many seconds to wait.",
      fields: fields + [Response.Field("Retry-After", String(seconds))])
  }
}

extension Problem {
  /// With what a 401 must have (RFC 9110, section 11.6.1).
  ///
  /// Browsers show no form for this scheme.
  package static func unauthorized(_ type: ProblemType) -> Problem {
    Problem(type, detail: type.detail, fields: [Response.Field("WWW-Authenticate", "Bearer")])
  }
}
