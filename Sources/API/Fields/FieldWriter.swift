package import JSON

/// Writes the fields of an answer; where it records, it notes their schema as well.
package struct FieldWriter {
  private var json: JSONWriter
  /// Nil where it doesn't record.
  private var records: [Record]?

  /// What is noted of one field.
  private struct Record {
    let name: String
    let schema: Schema
    let isOptional: Bool
  }

  /// Writes an object as the next value of a writer.
  package static func object(in json: inout JSONWriter, _ write: (inout FieldWriter) -> Void) {
    _ = object(in: &json, isRecording: false, write)
  }

  /// The schema of an object and an example, from one that is written.
  package static func recording(
    named name: String? = nil, _ write: (inout FieldWriter) -> Void
  ) -> (schema: Schema, example: JSONValue?) {
    var json = JSONWriter()
    let schema = object(in: &json, named: name, isRecording: true, write)
    // What the writer writes, the parser reads.
    return (schema, try? JSONValue(parsing: json.bytes))
  }

  private init(_ json: JSONWriter, isRecording: Bool) {
    self.json = json
    records = isRecording ? [] : nil
  }

  // MARK: Fields

  /// A field that is always there.
  package mutating func field<Value>(
    _ name: String, _ value: Value, _ type: FieldType<Value>, _ summary: String = ""
  ) {
    record(name, type.schema.described(summary))
    json.key(name)
    json.value(type.write(value))
  }

  /// A field that may be null.
  package mutating func nullable<Value>(
    _ name: String, _ value: Value?, _ type: FieldType<Value>, _ summary: String = ""
  ) {
    record(name, type.schema.orNull.described(summary))
    json.key(name)
    json.value(value.map(type.write) ?? .null)
  }

  /// An object within.
  package mutating func object(
    _ name: String, _ summary: String = "", _ write: (inout FieldWriter) -> Void
  ) {
    json.key(name)
    let schema = object(write)
    record(name, schema.described(summary))
  }

  /// Whatever `write` writes is there only sometimes; it is written while recording.
  package mutating func sometimes(_ write: (inout FieldWriter) -> Void) {
    let before = records?.count ?? 0
    write(&self)
    guard let all = records else { return }
    records = all.enumerated().map { number, record in
      number < before
        ? record : Record(name: record.name, schema: record.schema, isOptional: true)
    }
  }

  // MARK: Lists

  /// A list of values of one type.
  package mutating func list<Value>(
    _ name: String, _ values: [Value], of type: FieldType<Value>, atMost limit: Int? = nil,
    _ summary: String = ""
  ) {
    record(name, Schema.array(of: type.schema, atMost: limit).described(summary))
    json.key(name)
    json.beginArray()
    for value in values { json.value(type.write(value)) }
    json.endArray()
  }

  /// A list of objects; while recording it needs an element.
  package mutating func list<Element>(
    _ name: String, _ elements: [Element], atMost limit: Int? = nil, _ summary: String = "",
    _ write: (Element, inout FieldWriter) -> Void
  ) {
    json.key(name)
    json.beginArray()
    var schema = Schema.anyObject
    for element in elements { schema = object { write(element, &$0) } }
    json.endArray()
    record(name, Schema.array(of: schema, atMost: limit).described(summary))
  }

  /// A list of objects that have a schema of their own.
  package mutating func list<Element: JSONObjectAnswer>(
    _ name: String, _ elements: [Element], atMost limit: Int? = nil, _ summary: String = ""
  ) {
    record(name, Schema.array(of: Element.schema, atMost: limit).described(summary))
    json.key(name)
    json.beginArray()
    for element in elements { element.write(to: &json) }
    json.endArray()
  }

  /// Objects by names that aren't known beforehand; while recording it needs one.
  package mutating func map<Element>(
    _ name: String, _ elements: [(String, Element)], _ summary: String = "",
    _ write: (Element, inout FieldWriter) -> Void
  ) {
    json.key(name)
    json.beginObject()
    var schema = Schema.anyObject
    for (key, element) in elements {
      json.key(key)
      schema = object { write(element, &$0) }
    }
    json.endObject()
    record(name, Schema.map(of: schema).described(summary))
  }

  // MARK: Schema

  private mutating func object(_ write: (inout FieldWriter) -> Void) -> Schema {
    Self.object(in: &json, isRecording: records != nil, write)
  }

  private static func object(
    in json: inout JSONWriter, named name: String? = nil, isRecording: Bool,
    _ write: (inout FieldWriter) -> Void
  ) -> Schema {
    json.beginObject()
    var writer = FieldWriter(JSONWriter(capacity: 0), isRecording: isRecording)
    // Moved, not shared: else each object would copy all that was written before it.
    swap(&writer.json, &json)
    write(&writer)
    swap(&writer.json, &json)
    json.endObject()
    return isRecording ? schema(of: writer.records ?? [], named: name) : .anyObject
  }

  private static func schema(of records: [Record], named name: String?) -> Schema {
    var object = JSONObject([.init("type", "object")])
    let required = records.filter { !$0.isOptional }.map { JSONValue.string($0.name) }
    if !required.isEmpty { object.append(key: "required", value: .array(required)) }
    object.append(key: "additionalProperties", value: .bool(false))
    object.append(
      key: "properties",
      value: .object(JSONObject(records.map { .init($0.name, $0.schema.reference) })))
    return Schema(object: object, named: name, parts: records.map(\.schema))
  }

  private mutating func record(_ name: String, _ schema: @autoclosure () -> Schema) {
    guard records != nil else { return }
    records?.append(Record(name: name, schema: schema(), isOptional: false))
  }
}
