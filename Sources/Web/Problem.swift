package import HTTPTypes
package import JSON

/// An error as problem details (RFC 9457).
package struct Problem: Equatable, Sendable {
  package let type: ProblemType
  /// What went wrong this time, safe to show to anyone.
  package let detail: String
  /// Further members of the answer, such as `invalidElements`.
  package let members: [JSONObject.Member]
  /// Header lines that go with it, such as `Allow` or `Retry-After`.
  package let fields: [Response.Field]

  package init(
    _ type: ProblemType, detail: String, members: [JSONObject.Member] = [],
    fields: [Response.Field] = []
  ) {
    self.type = type
    self.detail = detail
    self.members = members
    self.fields = fields
  }

  package var status: HTTPResponse.Status { type.status }

  package var response: Response {
    var response = Response(json: type.status, write: write)
    response.fields =
      [
        Response.Field("Content-Type", "application/problem+json"),
        Response.Field("Cache-Control", "no-store"),
      ] + fields
    return response
  }

  /// Writes it as the body of an answer.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("type")
    json.string(type.uri)
    json.key("title")
    json.string(type.title)
    json.key("status")
    json.number(type.status.code)
    json.key("detail")
    json.string(detail)
    for member in members {
      json.key(member.key)
      json.value(member.value)
    }
    json.endObject()
  }
}
