package import API
package import HTTPTypes
import JSON
import Service
package import Web

/// The health of this host as clients of Shlink read it (draft-inadarei-api-health-check).
///
/// They switch their features on by `version`, so it names a release of Shlink whose API this is.
package struct RESTHealth: JSONObjectAnswer {
  package static let schemaName = "RESTHealth"
  package static let summary = "The API can serve."
  package static let sample = RESTHealth(canServe: true)
  private static let mediaType = "application/health+json"
  private static let shlinkVersion = "5.1.0"

  private enum Sign: String, CaseIterable {
    case pass
    case fail
  }

  private let canServe: Bool

  init(canServe: Bool) {
    self.canServe = canServe
  }

  package var status: HTTPResponse.Status { canServe ? .ok : .serviceUnavailable }

  package var response: Response {
    var response = Response(json: status) { json in write(to: &json) }
    response.fields = [
      Response.Field("Content-Type", Self.mediaType), Response.Field("Cache-Control", "no-store"),
    ]
    if !canServe { response.fields.append(Response.Field("Retry-After", "1")) }
    return response
  }

  package func write(to writer: inout FieldWriter) {
    writer.field("status", canServe ? Sign.pass : .fail, .word(sample: .pass))
    writer.field("version", Self.shlinkVersion, .text(sample: Self.shlinkVersion))
    writer.field("swiftletVersion", Program.version, .text(sample: Program.version))
    writer.object("links", "Pages of this site.") { writer in
      writer.field("about", "/docs", .text(sample: "/docs"))
      writer.field("project", "/openapi.json", .text(sample: "/openapi.json"))
    }
  }

  package static var forms: [AnswerForm] {
    let (schema, example) = (content.schema, content.example)
    return [
      AnswerForm(.ok, summary, content: .init(mediaType, schema, example: example)),
      AnswerForm(.serviceUnavailable, "It can't.", content: .init(mediaType, schema)),
    ]
  }
}
