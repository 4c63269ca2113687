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
    let records = object(in: &json, isRecording: true, write)
    // What the writer writes, the parser reads.
    return (schema(of: records, named: name), try? JSONValue(parsing: json.bytes))
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
    let inner = object(write)
    record(name, Self.schema(of: inner).described(summary))
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
    var inner: [Record]?
    for element in elements { inner = Self.joined(inner, object { write(element, &$0) }) }
    json.endArray()
    record(name, Schema.array(of: Self.schema(of: inner), atMost: limit).described(summary))
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
    var inner: [Record]?
    for (key, element) in elements {
      json.key(key)
      inner = Self.joined(inner, object { write(element, &$0) })
    }
    json.endObject()
    record(name, Schema.map(of: Self.schema(of: inner)).described(summary))
  }

  // MARK: Schema

  private mutating func object(_ write: (inout FieldWriter) -> Void) -> [Record]? {
    Self.object(in: &json, isRecording: records != nil, write)
  }

  /// Writes an object.
  ///
  /// - Returns: Its fields; nil where nothing is recorded.
  private static func object(
    in json: inout JSONWriter, isRecording: Bool, _ write: (inout FieldWriter) -> Void
  ) -> [Record]? {
    json.beginObject()
    var writer = FieldWriter(JSONWriter(capacity: 0), isRecording: isRecording)
    // Moved, not shared: else each object would copy all that was written before it.
    swap(&writer.json, &json)
    write(&writer)
    swap(&writer.json, &json)
    json.endObject()
    return writer.records
  }

  private mutating func record(_ name: String, _ schema: @autoclosure () -> Schema) {
    guard records != nil else { return }
    records?.append(Record(name: name, schema: schema(), isOptional: false))
  }

  /// The fields of all objects of a list; one that not all of them have is optional.
  private static func joined(_ first: [Record]?, _ second: [Record]?) -> [Record]? {
    guard let first, let second else { return second }
    let known = Set(first.map(\.name))
    let others = second.filter { !known.contains($0.name) }
    let optional = Set(
      (first + second).filter(\.isOptional).map(\.name) + others.map(\.name)
        + known.subtracting(second.map(\.name)))
    return (first + others).map {
      Record(name: $0.name, schema: $0.schema, isOptional: optional.contains($0.name))
    }
  }

  /// - Returns: Any object where nothing was recorded.
  private static func schema(of records: [Record]?, named name: String? = nil) -> Schema {
    guard let records else { return .anyObject }
    var object = JSONObject([.init("type", "object")])
    let required = records.filter { !$0.isOptional }.map { JSONValue.string($0.name) }
    if !required.isEmpty { object.append(key: "required", value: .array(required)) }
    object.append(key: "additionalProperties", value: .bool(false))
    object.append(
      key: "properties",
      value: .object(JSONObject(records.map { .init($0.name, $0.schema.reference) })))
    return Schema(object: object, named: name, parts: records.map(\.schema))
  }
}
