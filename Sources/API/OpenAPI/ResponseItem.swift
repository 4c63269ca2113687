import HTTPTypes
import JSON
import Web

/// The answers of one status in the API's description (OpenAPI 3.1, "Response Object").
struct ResponseItem {
  let status: HTTPResponse.Status
  let answers: [AnswerForm]
  let problems: [ProblemType]
  /// Whether an answer has its body; one to HEAD has none.
  let hasBody: Bool

  /// The name of the answer that all operations share.
  static let tooManyRequests = "TooManyRequests"

  /// What that name stands for.
  static var shared: JSONValue {
    ResponseItem(
      status: .tooManyRequests, answers: [], problems: [.tooManyRequests], hasBody: true
    ).written
  }

  /// The header lines that are described once.
  static var headers: JSONValue {
    .object([
      (
        "X-Request-Id",
        .object([
          ("description", "The id of this request, in nginx's log and in the click."),
          ("schema", .object([("type", "string"), ("pattern", "^[0-9a-f]{32}$")])),
        ])
      ),
      (
        "Retry-After",
        .object([
          ("description", "Seconds after which to try again."),
          ("schema", .object([("type", "integer"), ("minimum", .number("1"))])),
        ])
      ),
      (
        "WWW-Authenticate",
        .object([
          ("description", "The scheme of Authorization; the key may come in X-Api-Key as well."),
          ("schema", .object([("type", "string")])), ("example", "Bearer"),
        ])
      ),
    ])
  }

  var json: JSONValue {
    let isShared =
      hasBody && answers.isEmpty && problems == [.tooManyRequests]
      && problems.first?.summary == ProblemType.tooManyRequests.summary
    return isShared
      ? .object([("$ref", .string("#/components/responses/\(Self.tooManyRequests)"))]) : written
  }

  private var written: JSONValue {
    var members: [(String, JSONValue)] = [
      ("description", .string(summary)), ("headers", .object(fields)),
    ]
    if hasBody, !contents.isEmpty { members.append(("content", .object(contents))) }
    return .object(members)
  }

  private var summary: String {
    let summaries = answers.isEmpty ? problems.map(\.summary) : answers.map(\.summary)
    return summaries.joined(separator: " ")
  }

  private var fields: [(String, JSONValue)] {
    var fields = answers.flatMap(\.fields).map { field in
      var members: [(String, JSONValue)] = [
        ("description", .string(field.summary)), ("schema", field.schema.reference),
      ]
      if let example = field.example { members.append(("example", example)) }
      return (field.name, JSONValue.object(members))
    }
    let common: [String] =
      switch status.code {
      case 401: ["X-Request-Id", "WWW-Authenticate"]
      case 429, 503: ["X-Request-Id", "Retry-After"]
      default: ["X-Request-Id"]
      }
    fields += common.map { ($0, .object([("$ref", .string("#/components/headers/\($0)"))])) }
    return fields
  }

  private var contents: [(String, JSONValue)] {
    var contents = answers.compactMap(\.content).map { content in
      var members: [(String, JSONValue)] = [("schema", content.schema.reference)]
      if let example = content.example { members.append(("example", example)) }
      return (content.mediaType, JSONValue.object(members))
    }
    if !problems.isEmpty {
      contents.append(("application/problem+json", ProblemSchema.content(problems)))
    }
    return contents
  }
}
