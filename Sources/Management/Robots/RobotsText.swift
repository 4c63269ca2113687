package import API
import HTTPTypes
import JSON
package import Web

/// A robots.txt (RFC 9309): robots may follow some links, and read nothing else.
package struct RobotsText: Answer, Equatable {
  package let text: String

  /// - Parameter lines: The lines that allow links.
  init(allowing lines: [String]) {
    text = "User-agent: *\n" + lines.joined() + "Disallow: /\n"
  }

  package static let forms = [
    AnswerForm(
      .ok, "By RFC 9309: `crawlable` links are allowed, all other paths disallowed.",
      fields: [.cacheControl("Robots and caches may keep it for minutes.", example: .string(age))],
      content: AnswerForm.Content(
        mediaType, Schema(["type": "string"]),
        example: .string(RobotsText(allowing: ["Allow: /1LDUVEdRXYk\n"]).text)))
  ]

  private static let mediaType = "text/plain; charset=utf-8"
  private static let age = "public, max-age=300"

  package var response: Response {
    Response(
      status: .ok,
      fields: [
        Response.Field("Content-Type", Self.mediaType), Response.Field("Cache-Control", Self.age),
      ], body: Array(text.utf8))
  }
}
