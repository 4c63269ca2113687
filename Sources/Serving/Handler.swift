package import Web

/// How the requests of a route are answered.
package enum Handler {
  /// Answers one request; the second argument is the path segment that the route captured.
  package typealias Answer = (Request, Request.Bytes) throws(Failure) -> Response

  /// Each by itself, at once.
  case each(Answer)
  /// Taken one by one; those that wait together are answered by one call of the worker's
  /// `answerTaken`.
  case together((Request) throws(Failure) -> Void)
}
