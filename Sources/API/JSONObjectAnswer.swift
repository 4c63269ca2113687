package import HTTPTypes
package import JSON
package import Web

/// What is written as a JSON object; its sample gives schema and example.
package protocol JSONObjectAnswer: Answer {
  /// The schema's name in the description.
  static var schemaName: String { get }
  /// One that has every field.
  static var sample: Self { get }
  /// One line about the answer.
  static var summary: String { get }
  /// Its status, 200 where nothing else is said.
  var status: HTTPResponse.Status { get }
  /// Its header lines other than `Content-Type`.
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
    FieldWriter.object(in: &json) { write(to: &$0) }
  }

  /// Its schema, from what the sample writes.
  package static var schema: Schema { recorded.schema }

  /// As `application/json`, with the sample as the example.
  package static var content: AnswerForm.Content {
    let (schema, example) = recorded
    return AnswerForm.Content("application/json", schema, example: example)
  }

  package static var forms: [AnswerForm] {
    [AnswerForm(sample.status, summary, content: content)]
  }

  private static var recorded: (schema: Schema, example: JSONValue?) {
    FieldWriter.recording(named: schemaName) { sample.write(to: &$0) }
  }
}
