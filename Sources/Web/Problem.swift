package import HTTPTypes
import JSON

/// An error as problem details (RFC 9457).
///
/// The `type` is `urn:problem-type:swiftlet:` and a slug that never changes its meaning.
package struct Problem: Equatable, Sendable {
  package let status: HTTPResponse.Status
  package let slug: StaticString
  /// What went wrong this time, safe to show to anyone.
  package let detail: String
  /// Header lines that go with it, such as `Allow` or `Retry-After`.
  package let fields: [Response.Field]

  package init(
    _ status: HTTPResponse.Status, _ slug: StaticString, detail: String,
    fields: [Response.Field] = []
  ) {
    self.status = status
    self.slug = slug
    self.detail = detail
    self.fields = fields
  }

  package static func == (left: Problem, right: Problem) -> Bool {
    left.status == right.status && left.slug.description == right.slug.description
      && left.detail == right.detail && left.fields == right.fields
  }

  package var response: Response {
    var response = Response(json: status) { json in
      json.beginObject()
      json.key("type")
      json.string("urn:problem-type:swiftlet:\(slug)")
      json.key("title")
      json.string(status.reasonPhrase)
      json.key("status")
      json.number(status.code)
      json.key("detail")
      json.string(detail)
      json.endObject()
    }
    response.fields =
      [
        Response.Field("Content-Type", "application/problem+json"),
        Response.Field("Cache-Control", "no-store"),
      ] + fields
    return response
  }
}
