package import Web

/// How the requests of a route are answered.
package enum Handler {
  /// Answers one request; the second argument is the path segment that the route captured.
  package typealias Answer = (Request, Request.Bytes) -> Response

  /// Each by itself, at once.
  case each(Answer)
  /// Taken one by one; those that wait together are answered by one call of the worker's
  /// `answerTaken`. A request that is refused at once is not taken: the closure returns its answer.
  case together((Request) -> Response?)
}
