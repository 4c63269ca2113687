package import JSON

/// Writes the fields of an answer; where it records, it notes their schema as well.
package struct FieldWriter {
  package private(set) var json: JSONWriter
  private var schemas: [Record]?

  /// What is noted of one field.
  private struct Record {
    let name: String
    let schema: Schema
    let isOptional: Bool
  }

  /// Goes on with a writer that has begun an object.
  package init(_ json: JSONWriter) {
    self.json = json
  }

  /// One that records.
  package static var recording: FieldWriter {
    var json = JSONWriter()
    json.beginObject()
    var writer = FieldWriter(json)
    writer.schemas = []
    return writer
  }

  private var isRecording: Bool { schemas != nil }

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

  /// An object within; its fields are recorded once for all objects of its kind.
  package mutating func object(
    _ name: String, _ summary: String = "", _ write: (inout FieldWriter) -> Void
  ) {
    json.key(name)
    let schema = object(write)
    record(name, schema.described(summary))
  }

  /// A list of objects; while recording it needs an element.
  package mutating func list<Element>(
    _ name: String, _ elements: [Element], _ summary: String = "",
    _ write: (Element, inout FieldWriter) -> Void
  ) {
    json.key(name)
    json.beginArray()
    var schema = Schema(["type": "object"])
    for element in elements { schema = object { write(element, &$0) } }
    json.endArray()
    record(name, Schema(["type": "array", "items": schema.reference]).described(summary))
  }

  /// A list of objects that have a schema of their own.
  package mutating func list<Element: JSONObjectAnswer>(
    _ name: String, _ elements: [Element], _ summary: String = ""
  ) {
    json.key(name)
    json.beginArray()
    for element in elements { element.write(to: &json) }
    json.endArray()
    let items = isRecording ? Element.schema.reference : .null
    record(name, Schema(["type": "array", "items": items]).described(summary))
  }

  /// Objects by names that aren't known beforehand; while recording it needs one.
  package mutating func map<Element>(
    _ name: String, _ elements: [(String, Element)], _ summary: String = "",
    _ write: (Element, inout FieldWriter) -> Void
  ) {
    json.key(name)
    json.beginObject()
    var schema = Schema(["type": "object"])
    for (key, element) in elements {
      json.key(key)
      schema = object { write(element, &$0) }
    }
    json.endObject()
    record(
      name,
      Schema(["type": "object", "additionalProperties": schema.reference]).described(summary))
  }

  /// Whatever `write` writes is there only sometimes.
  package mutating func sometimes(_ write: (inout FieldWriter) -> Void) {
    let before = schemas?.count ?? 0
    write(&self)
    guard let all = schemas else { return }
    schemas = all.enumerated().map { number, record in
      number < before
        ? record : Record(name: record.name, schema: record.schema, isOptional: true)
    }
  }

  /// The object's schema: everything that was recorded.
  package func schema(named name: String? = nil) -> Schema {
    let records = schemas ?? []
    var object = JSONObject([.init("type", "object")])
    object.append(
      key: "required", value: .array(records.filter { !$0.isOptional }.map { .string($0.name) }))
    object.append(key: "additionalProperties", value: .bool(false))
    object.append(
      key: "properties",
      value: .object(JSONObject(records.map { .init($0.name, $0.schema.reference) })))
    return Schema(object: object, named: name)
  }

  private mutating func object(_ write: (inout FieldWriter) -> Void) -> Schema {
    json.beginObject()
    var inner = FieldWriter(json)
    if isRecording { inner.schemas = [] }
    write(&inner)
    json = inner.json
    json.endObject()
    return isRecording ? inner.schema() : Schema([:])
  }

  private mutating func record(_ name: String, _ schema: Schema) {
    schemas?.append(Record(name: name, schema: schema, isOptional: false))
  }
}
