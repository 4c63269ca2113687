package import JSON

/// A header line of an answer, for the API's description.
package struct HeaderField: Sendable {
  package let name: String
  package let summary: String
  package let schema: Schema
  package let example: JSONValue?

  package init(
    _ name: String, _ summary: String, schema: Schema = Schema(["type": "string"]),
    example: JSONValue? = nil
  ) {
    self.name = name
    self.summary = summary
    self.schema = schema
    self.example = example
  }

  package static func location(_ summary: String) -> HeaderField {
    HeaderField("Location", summary, schema: Schema(["type": "string", "format": "uri"]))
  }

  package static func cacheControl(_ summary: String, example: JSONValue) -> HeaderField {
    HeaderField("Cache-Control", summary, example: example)
  }
}
