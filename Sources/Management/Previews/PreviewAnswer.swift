package import API
import HTTPTypes
import JSON
package import Web

/// A preview as a page for people, or as JSON.
package struct PreviewAnswer: Answer {
  package let preview: LinkPreview
  package let isPage: Bool

  init(_ preview: LinkPreview, isPage: Bool) {
    self.preview = preview
    self.isPage = isPage
  }

  package static var forms: [AnswerForm] {
    let page = AnswerForm.Content("text/html; charset=utf-8", Schema(["type": "string"]))
    return LinkPreview.forms + [AnswerForm(.ok, "", content: page)]
  }

  package var response: Response {
    var response = preview.response
    if isPage {
      response = Response(
        status: .ok, fields: Self.pageFields, body: Array(PreviewPage(preview).text.utf8))
    }
    response.fields.append(Response.Field("Vary", "Accept"))
    return response
  }

  /// As nginx sends its own pages (nginx-config/swiftlet/page-headers.conf).
  private static let pageFields = [
    Response.Field("Content-Type", "text/html; charset=utf-8"),
    Response.Field("Cache-Control", "no-store"),
    Response.Field(
      "Content-Security-Policy",
      """
      default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; \
      form-action 'none'; frame-ancestors 'none'
      """),
    Response.Field("Referrer-Policy", "no-referrer"),
  ]
}
