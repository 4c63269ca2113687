import HTTPTypes
package import Web

/// The answer that has nothing to say (204).
package struct NoContent: Answer {
  package init() {}

  package static let forms = [AnswerForm(.noContent, "Done.")]
  package var response: Response { Response(status: .noContent) }
}
