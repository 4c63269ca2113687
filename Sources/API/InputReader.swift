package import JSON
import Text
package import Web

/// Reads the fields of a request, and collects everything that is wrong with them.
///
/// In its other mode it records: each call then notes the field and returns a sample. So the same calls
/// parse, validate and describe.
package struct InputReader {
  package enum Place: String, Sendable {
    case path
    case query
    case body
  }

  /// A field as the API's description has it.
  package struct Field: Sendable {
    package let name: String
    package let place: Place
    package let schema: Schema
    package let isRequired: Bool
    package let isList: Bool
    package let summary: String
  }

  /// What was asked for, in recording mode; else empty.
  package private(set) var fields: [Field] = []
  /// What is wrong, in the order of the calls.
  package private(set) var complaints: [Complaint] = []

  private let isRecording: Bool
  private let path: [String: String]
  private let query: QueryString
  private let members: JSONObject
  private let body: BodyForm

  /// One that records.
  package init(recording body: BodyForm) {
    self.init(path: [:], query: QueryString(), members: JSONObject(), body, isRecording: true)
  }

  /// One that reads.
  ///
  /// - Parameters:
  ///   - path: The values of the path's names, decoded.
  ///   - query: The query's parameters.
  ///   - members: The body's.
  ///   - body: How strictly the body is read.
  package init(
    path: [String: String], query: QueryString, members: JSONObject, _ body: BodyForm
  ) {
    self.init(path: path, query: query, members: members, body, isRecording: false)
  }

  private init(
    path: [String: String], query: QueryString, members: JSONObject, _ body: BodyForm,
    isRecording: Bool
  ) {
    self.path = path
    self.query = query
    self.members = members
    self.body = body
    self.isRecording = isRecording
  }

  // MARK: Path and query

  /// A segment of the path.
  package mutating func segment<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value {
    record(name, .path, type.schema, isRequired: true, summary)
    return value(of: name, .path, path[name].map(InputValue.text), type) ?? type.sample
  }

  /// A parameter of the query; nil when there is none.
  package mutating func parameter<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value? {
    record(name, .query, type.schema, isRequired: false, summary)
    return value(of: name, .query, query[name].map(InputValue.text), type)
  }

  /// All values of a parameter that is a list.
  package mutating func parameters<Value>(
    _ name: String, _ type: FieldType<Value>, atMost limit: Int, _ summary: String
  ) -> [Value] {
    record(name, .query, type.schema, isRequired: false, isList: true, summary)
    let texts = query.values(name)
    guard texts.count <= limit else {
      complaints.append(Complaint(name, InvalidValue("may come \(limit) times at most")))
      return []
    }
    return texts.compactMap { value(of: name, .query, .text($0), type) }
  }

  /// Whether a parameter is there, whatever its value.
  package mutating func flag(_ name: String, _ summary: String) -> Bool {
    record(name, .query, FieldType<Bool>.boolean.schema, isRequired: false, summary)
    return query[name] != nil
  }

  // MARK: Body

  /// A member of the body that has to be there.
  package mutating func required<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value {
    record(name, .body, type.schema, isRequired: true, summary)
    guard let json = members[name] else {
      if !isRecording { complaints.append(Complaint(name, InvalidValue("is missing"))) }
      return type.sample
    }
    return value(of: name, .body, .json(json), type) ?? type.sample
  }

  /// A member of the body; nil when it is absent or null.
  package mutating func optional<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value? {
    record(name, .body, type.schema.orNull, isRequired: false, summary)
    guard let json = members[name], json != .null else { return nil }
    return value(of: name, .body, .json(json), type)
  }

  /// A member of an edit: absent keeps, and null clears where it may.
  package mutating func change<Value>(
    _ name: String, _ type: FieldType<Value>, clears: Bool = false, _ summary: String
  ) -> Change<Value> {
    record(name, .body, clears ? type.schema.orNull : type.schema, isRequired: false, summary)
    guard let json = members[name] else { return .keep }
    if clears, json == .null { return .clear }
    return value(of: name, .body, .json(json), type).map(Change.set) ?? .keep
  }

  /// Refuses something that several fields together make wrong.
  package mutating func refuse(_ name: String, _ reason: String) {
    guard !isRecording else { return }
    complaints.append(Complaint(name, InvalidValue(reason)))
  }

  // MARK: End

  /// Ends the reading.
  ///
  /// - Throws: `InputFailure` with everything that is wrong.
  package mutating func finish() throws(InputFailure) {
    if body == .exact {
      for member in members.members where !known.contains(member.key) {
        complaints.append(Complaint(member.key, InvalidValue("is unknown here")))
      }
    }
    if !complaints.isEmpty { throw .invalid(complaints) }
  }

  /// The names of the body's members that were asked for.
  private var known: Set<String> = []

  private mutating func record(
    _ name: String, _ place: Place, _ schema: Schema, isRequired: Bool, isList: Bool = false,
    _ summary: String
  ) {
    if place == .body { known.insert(name) }
    guard isRecording else { return }
    fields.append(
      Field(
        name: name, place: place, schema: schema, isRequired: isRequired, isList: isList,
        summary: summary))
  }

  private mutating func value<Value>(
    of name: String, _ place: Place, _ sent: InputValue?, _ type: FieldType<Value>
  ) -> Value? {
    guard let sent else { return nil }
    do throws(InvalidValue) {
      return try type.read(sent)
    } catch {
      complaints.append(Complaint(name, error, isOfPath: place == .path))
      return nil
    }
  }
}

/// What is wrong with one field.
package struct Complaint: Equatable, Sendable {
  package let name: String
  package let value: InvalidValue
  /// Whether the path names something that can't exist.
  package let isOfPath: Bool

  package init(_ name: String, _ value: InvalidValue, isOfPath: Bool = false) {
    self.name = name
    self.value = value
    self.isOfPath = isOfPath
  }

  /// A sentence for whoever sent it.
  package var sentence: String {
    value.isSentence ? value.reason : "\(name) \(value.reason)."
  }
}
