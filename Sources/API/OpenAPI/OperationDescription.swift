package import Access
package import Web

/// Everything that is to be said about one operation: the API's description and the generated tests read it.
package struct OperationDescription: Sendable {
  package let name: String
  package let route: Route
  package let topic: Topic
  package let summary: String
  package let details: String
  package let permission: Permission
  /// Whether the key may come in the query.
  package let takesKeyInQuery: Bool
  package let body: BodyForm
  package let fields: [InputReader.Field]
  package let answers: [AnswerForm]
  /// All problems that it may answer.
  package private(set) var problems: [ProblemType] = []

  /// Asks an operation for everything that it says of itself.
  package init<Described: Operation>(_ operation: Described) {
    var reader = InputReader(recording: Described.body)
    _ = operation.input(from: &reader)
    self.init(
      Described.name, Described.route, Described.topic, Described.summary,
      details: Described.details, permission: Described.permission,
      takesKeyInQuery: Described.takesKeyInQuery, body: Described.body,
      fields: reader.fields, answers: Described.Output.forms, problems: Described.problems)
  }

  /// One that is described by hand.
  package init(
    _ name: String, _ route: Route, _ topic: Topic, _ summary: String, details: String = "",
    permission: Permission = .open, takesKeyInQuery: Bool = false, body: BodyForm = .none,
    fields: [InputReader.Field] = [],
    answers: [AnswerForm], problems: [ProblemType] = []
  ) {
    self.name = name
    self.route = route
    self.topic = topic
    self.summary = summary
    self.details = details
    self.permission = permission
    self.takesKeyInQuery = takesKeyInQuery
    self.body = body
    self.fields = fields
    self.answers = answers
    let all = problems.map { $0.told(isREST: route.isREST) } + generalProblems
    self.problems = all.reduce(into: []) { problems, problem in
      if !problems.contains(problem) { problems.append(problem) }
    }
  }

  /// Those that come from how it is asked, for which an operation needs no words of its own.
  private var generalProblems: [ProblemType] {
    var problems: [ProblemType] = []
    if permission != .open {
      problems += [
        ProblemType.Shlink.missingAuthentication, ProblemType.Shlink.invalidAPIKey, .forbidden,
      ]
      if route.isREST, permission != .signIn { problems.append(.sessionEnded) }
    }
    if body != .none { problems += [ProblemType.invalidJSON, .payloadTooLarge] }
    if body == .exact { problems.append(.unsupportedMediaType) }
    if fields.contains(where: { $0.place != .path }) { problems.append(.invalidData) }
    if fields.contains(where: { $0.place == .query }) { problems.append(.uriTooLong) }
    if !route.path.names.isEmpty { problems.append(.notFound) }
    problems += [.tooManyRequests, .serviceUnavailable]
    return problems.map { $0.told(isREST: route.isREST) }
  }
}
