package import Web

/// What an operation answers when it has been done.
package protocol Answer: Sendable {
  /// The answers that there may be, for the description.
  static var forms: [AnswerForm] { get }
  var response: Response { get }
}

/// The answer of an operation that never succeeds.
extension Never: Answer {
  package static var forms: [AnswerForm] { [] }
  package var response: Response { switch self {} }
}
