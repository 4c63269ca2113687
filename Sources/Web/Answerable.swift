/// A failure that a client is told of.
///
/// Each surface has one closed enum of its failures. A switch over it names every case. So a new
/// failure doesn't compile before its answer and its count are decided.
package protocol Answerable: Error {
  /// How a client is told.
  var problem: Problem { get }
}

/// What can't fail needs no answer.
extension Never: Answerable {
  package var problem: Problem { switch self {} }
}

// What several surfaces answer alike.
extension Problem {
  package static var unknownCode: Problem {
    Problem(.shortURLNotFound, detail: ProblemType.shortURLNotFound.summary)
  }

  /// An engine that the answer needs can't be had for now.
  package static func unavailable(_ detail: String, retryAfterSeconds: Int) -> Problem {
    Problem(
      .serviceUnavailable, detail: detail,
      fields: [Response.Field("Retry-After", String(retryAfterSeconds))])
  }
}
