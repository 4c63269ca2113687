package import HTTPTypes
package import JSON
package import Web

/// What an operation answers when it has been done.
package protocol Answer: Sendable {
  /// The answers that there may be, for the description.
  static var forms: [AnswerForm] { get }
  var response: Response { get }
}

/// One answer in the API's description.
package struct AnswerForm: Sendable {
  package let status: HTTPResponse.Status
  package let summary: String
  /// Names of header lines with what they say, besides those that every answer has.
  package let fields: KeyValuePairs<String, String>
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
    _ status: HTTPResponse.Status, _ summary: String,
    fields: KeyValuePairs<String, String> = [:], content: Content? = nil
  ) {
    self.status = status
    self.summary = summary
    self.fields = fields
    self.content = content
  }
}

/// What is written as a JSON object; its sample gives schema and example.
package protocol JSONObjectAnswer: Answer {
  /// The schema's name in the description.
  static var schemaName: String { get }
  static var sample: Self { get }
  /// One line about the answer.
  static var summary: String { get }
  /// Its status, 200 where nothing else is said.
  var status: HTTPResponse.Status { get }
  /// Its header lines besides `Content-Type`.
  var fields: [Response.Field] { get }
  func write(to writer: inout FieldWriter)
}

extension JSONObjectAnswer {
  package var status: HTTPResponse.Status { .ok }
  package var fields: [Response.Field] { [Response.Field("Cache-Control", "no-store")] }

  package var response: Response {
    Response(json: status, fields: fields) { json in write(to: &json) }
  }

  /// Writes it as one value.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    var writer = FieldWriter(json)
    write(to: &writer)
    json = writer.json
    json.endObject()
  }

  /// Its schema, from what the sample writes.
  package static var schema: Schema {
    var writer = FieldWriter.recording
    sample.write(to: &writer)
    return writer.schema(named: schemaName)
  }

  package static var forms: [AnswerForm] {
    [AnswerForm(sample.status, summary, content: content)]
  }

  /// As `application/json`, with the sample as the example.
  package static var content: AnswerForm.Content {
    var json = JSONWriter()
    sample.write(to: &json)
    // What the writer writes, the parser reads.
    let example = try? JSONValue(parsing: json.bytes)
    return AnswerForm.Content("application/json", schema, example: example)
  }
}

/// The answer that has nothing to say (204).
package struct NoContent: Answer {
  package init() {}

  package static let forms = [AnswerForm(.noContent, "Done.")]
  package var response: Response { Response(status: .noContent) }
}
