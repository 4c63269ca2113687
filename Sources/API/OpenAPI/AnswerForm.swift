package import HTTPTypes
package import JSON

/// One answer in the API's description.
package struct AnswerForm: Sendable {
  package let status: HTTPResponse.Status
  package let summary: String
  /// Its header lines, in addition to those of every answer.
  package let fields: [HeaderField]
  /// Its media type, schema and an example; nil for an answer without a body.
  package let content: Content?

  package struct Content: Sendable {
    package let mediaType: String
    package let schema: Schema
    package let example: JSONValue?

    package init(_ mediaType: String, _ schema: Schema, example: JSONValue? = nil) {
      self.mediaType = mediaType
      self.schema = schema
      self.example = example
    }
  }

  package init(
    _ status: HTTPResponse.Status, _ summary: String, fields: [HeaderField] = [],
    content: Content? = nil
  ) {
    self.status = status
    self.summary = summary
    self.fields = fields
    self.content = content
  }
}
