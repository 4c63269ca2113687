import HTTPTypes
import JSON
import Web

/// Problem details in the API's description.
enum ProblemSchema {
  static var schema: Schema {
    let text: JSONValue = .object([("type", "string")])
    let members: [(String, JSONValue)] = [
      (
        "type",
        .object([
          ("type", "string"), ("format", "uri"),
          ("description", .string(typeSummary)),
        ])
      ),
      ("title", text),
      (
        "status",
        .object([
          ("type", "integer"), ("minimum", .number("400")), ("maximum", .number("599")),
        ])
      ),
      ("detail", text),
      (
        "invalidElements",
        .object([
          ("type", "array"), ("items", text),
          ("description", "The parameters and members that are wrong, by their names."),
        ])
      ),
      (
        "shortCode",
        .object([("type", "string"), ("description", "The short code that no link has.")])
      ),
      (
        "domain",
        .object([
          ("type", "string"), ("description", "The domain, where the request named one."),
        ])
      ),
    ]
    return Schema(
      object: JSONObject([
        .init("type", "object"),
        .init("description", "Problem details (RFC 9457)."),
        .init("required", .array(["type", "title", "status", "detail"])),
        .init("properties", .object(members)),
      ]), named: "Problem")
  }

  private static let typeSummary = """
    A URI that never changes its meaning: urn:problem-type:swiftlet: and a slug. Under /rest also \
    those of Shlink's API, which begin with https://shlink.io/api/error/.
    """

  /// The body of an answer that tells of one of some problems.
  static func content(_ problems: [ProblemType]) -> JSONValue {
    let types = JSONValue.array(problems.map { .string($0.uri) })
    let properties = JSONValue.object([("type", .object([("enum", types)]))])
    var members: [(String, JSONValue)] = [
      (
        "schema",
        .object(
          (schema.reference.object?.members ?? []).map { ($0.key, $0.value) } + [
            ("properties", properties)
          ])
      )
    ]
    if problems.count == 1 {
      members.append(("example", example(problems[0])))
    } else {
      let examples = problems.map { problem in
        (problem.slug.description, JSONValue.object([("value", example(problem))]))
      }
      members.append(("examples", .object(examples)))
    }
    return .object(members)
  }

  /// As `Problem` writes it.
  private static func example(_ type: ProblemType) -> JSONValue {
    var json = JSONWriter()
    Problem(type, detail: type.detail, members: type.members.members).write(to: &json)
    // What the writer writes, the parser reads.
    return (try? JSONValue(parsing: json.bytes)) ?? .null
  }
}
