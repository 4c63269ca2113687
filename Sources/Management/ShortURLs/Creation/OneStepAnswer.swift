package import API
import HTTPTypes
import JSON
package import Web

/// A link that was made in one step: all that it has, or its short URL alone.
package struct OneStepAnswer: Answer {
  package let link: ShortURL
  package let isText: Bool

  init(_ link: ShortURL, isText: Bool) {
    self.link = link
    self.isText = isText
  }

  package var response: Response {
    guard isText else { return link.response }
    return Response(
      status: .ok,
      fields: [
        Response.Field("Content-Type", "text/plain"), Response.Field("Cache-Control", "no-store"),
      ], body: Array(link.shortURL.utf8))
  }

  package static var forms: [AnswerForm] {
    let text = AnswerForm.Content(
      "text/plain", Schema(["type": "string"]), example: .string(ShortURL.sample.shortURL))
    return ShortURL.forms + [AnswerForm(.ok, "As text it is the short URL alone.", content: text)]
  }
}
