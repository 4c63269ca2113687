package import JSON
package import Web

/// Reads the fields of a request, and collects everything that is wrong with them.
///
/// In its other mode it records: each call then notes the field and returns a sample. So the same calls
/// parse, validate and describe.
package struct InputReader {
  /// What was asked for, in recording mode; else empty.
  package private(set) var fields: [Field] = []
  /// What was asked for, in both modes.
  package private(set) var calls: [Call] = []
  /// What is wrong, in the order of the calls; one complaint for each field.
  package private(set) var complaints: [Complaint] = []
  /// The host that was asked, if it isn't the default one's; else empty.
  package let host: String
  /// Who sends the request.
  package let client: Requester

  /// How many unknown members of a body are named in an answer.
  private static let namedUnknown = 10

  /// Whether the client would rather have plain text than JSON.
  package let prefersText: Bool
  /// Whether the client would rather have a page than JSON.
  package let prefersPage: Bool
  private let isRecording: Bool
  private let path: [String: String]
  private let query: QueryString
  private let members: JSONObject
  private let body: BodyForm

  /// One that records.
  package init(recording body: BodyForm) {
    self.init(
      path: [:], query: QueryString(), members: JSONObject(), body, prefersText: false,
      prefersPage: false, host: "", client: Requester(), isRecording: true)
  }

  /// One that reads.
  ///
  /// - Parameters:
  ///   - path: The values of the path's names, decoded.
  ///   - query: The query's parameters.
  ///   - members: The body's.
  ///   - body: How strictly the body is read.
  ///   - prefersText: Whether the client would rather have plain text than JSON.
  ///   - prefersPage: Whether it would rather have a page.
  ///   - host: The host that was asked, if it isn't the default one's; else empty.
  ///   - client: Who sends the request.
  package init(
    path: [String: String], query: QueryString, members: JSONObject, _ body: BodyForm,
    prefersText: Bool = false, prefersPage: Bool = false, host: String = "",
    client: Requester = Requester()
  ) {
    self.init(
      path: path, query: query, members: members, body, prefersText: prefersText,
      prefersPage: prefersPage, host: host, client: client, isRecording: false)
  }

  private init(
    path: [String: String], query: QueryString, members: JSONObject, _ body: BodyForm,
    prefersText: Bool, prefersPage: Bool, host: String, client: Requester, isRecording: Bool
  ) {
    self.prefersText = prefersText
    self.prefersPage = prefersPage
    self.path = path
    self.query = query
    self.members = members
    self.body = body
    self.host = host
    self.client = client
    self.isRecording = isRecording
  }

  // MARK: Path and query

  /// A segment of the path.
  package mutating func segment<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value {
    note(name, .path, type, isRequired: true, summary)
    return value(of: name, .path, path[name].map(InputValue.text), type) ?? type.sample
  }

  /// A parameter of the query; nil when there is none.
  package mutating func parameter<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value? {
    note(name, .query, type, summary)
    return value(of: name, .query, query[name].map(InputValue.text), type)
  }

  /// A parameter of the query that has to be there.
  package mutating func requiredParameter<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value {
    note(name, .query, type, isRequired: true, summary)
    if query[name] == nil { complain(name, InvalidValue("is missing")) }
    return value(of: name, .query, query[name].map(InputValue.text), type) ?? type.sample
  }

  /// All values of a parameter that is a list.
  package mutating func parameters<Value>(
    _ name: String, _ type: FieldType<Value>, atMost limit: Int, _ summary: String
  ) -> [Value] {
    note(name, .query) {
      Field(
        name, .query, .array(of: type.schema, atMost: limit), isRequired: false, isList: true,
        summary, example: .array([type.example]))
    }
    let texts = query.values(name)
    guard texts.count <= limit else {
      complain(name, InvalidValue("may come \(limit) times at most"))
      return []
    }
    return texts.compactMap { value(of: name, .query, .text($0), type) }
  }

  /// Whether a parameter is there, whatever its value.
  package mutating func flag(_ name: String, _ summary: String) -> Bool {
    note(name, .query) {
      Field(
        name, .query, Schema(["type": "string"]), isRequired: false, summary, example: "true")
    }
    return query[name] != nil
  }

  // MARK: Body

  /// A member of the body that has to be there.
  package mutating func required<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value {
    note(name, .body, type, isRequired: true, summary)
    guard let json = members[name] else {
      complain(name, InvalidValue("is missing"))
      return type.sample
    }
    return value(of: name, .body, .json(json), type) ?? type.sample
  }

  /// A member of the body; nil when it is absent or null.
  package mutating func optional<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Value? {
    note(name, .body, type, isNullable: true, summary)
    guard let json = members[name], json != .null else { return nil }
    return value(of: name, .body, .json(json), type)
  }

  /// A member of an edit: absent keeps, and null clears where it may.
  package mutating func change<Value>(
    _ name: String, _ type: FieldType<Value>, clears: Bool = false, _ summary: String
  ) -> Change<Value> {
    note(name, .body, type, isNullable: clears, summary)
    guard let json = members[name] else { return .keep }
    if clears, json == .null { return .clear }
    return value(of: name, .body, .json(json), type).map(Change.set) ?? .keep
  }

  /// A member of the body that has to be there, and whose complaint the operation makes itself.
  package mutating func deferred<Value>(
    _ name: String, _ type: FieldType<Value>, _ summary: String
  ) -> Result<Value, InputFailure> {
    note(name, .body, type, isRequired: true, summary)
    guard !isRecording else { return .success(type.sample) }
    do throws(InvalidValue) {
      guard let json = members[name] else { throw InvalidValue("is missing") }
      return .success(try type.read(.json(json)))
    } catch {
      return .failure(.invalid([Complaint(name, error)]))
    }
  }

  /// Refuses something that several fields together make wrong.
  package mutating func refuse(_ name: String, _ reason: String) {
    complain(name, InvalidValue(reason))
  }

  // MARK: End

  /// Ends the reading.
  ///
  /// - Throws: `InputFailure` with everything that is wrong.
  package mutating func finish() throws(InputFailure) {
    if body == .exact { refuseUnknownMembers() }
    if query.isCropped, calls.contains(where: { $0.place == .query }) {
      complain("query", InvalidValue("has too many parameters"))
    }
    if !complaints.isEmpty { throw .invalid(complaints) }
  }

  private mutating func refuseUnknownMembers() {
    guard !members.members.allSatisfy({ isKnown($0.key) }) else { return }
    let unknown = members.members.map(\.key).filter { !isKnown($0) }
    for name in unknown.prefix(Self.namedUnknown) {
      complaints.append(Complaint(name, InvalidValue("is unknown here")))
    }
    let others = unknown.count - Self.namedUnknown
    if others > 0 {
      complaints.append(Complaint("body", InvalidValue("has \(others) more unknown members")))
    }
  }

  /// By bytes, as members are read: String takes some characters for others.
  private func isKnown(_ key: String) -> Bool {
    calls.contains { $0.place == .body && $0.name.utf8.elementsEqual(key.utf8) }
  }

  private mutating func note<Value>(
    _ name: String, _ place: Place, _ type: FieldType<Value>, isRequired: Bool = false,
    isNullable: Bool = false, _ summary: String
  ) {
    note(name, place) {
      Field(
        name, place, isNullable ? type.schema.orNull : type.schema, isRequired: isRequired,
        summary, example: type.example)
    }
  }

  private mutating func note(_ name: String, _ place: Place, _ field: () -> Field) {
    calls.append(Call(place: place, name: name))
    if isRecording { fields.append(field()) }
  }

  private mutating func value<Value>(
    of name: String, _ place: Place, _ sent: InputValue?, _ type: FieldType<Value>
  ) -> Value? {
    guard let sent else { return nil }
    do throws(InvalidValue) {
      if sent.hasNUL { throw InvalidValue("must not have U+0000") }
      return try type.read(sent)
    } catch {
      complain(name, error, isOfPath: place == .path)
      return nil
    }
  }

  /// Keeps the first complaint about a field.
  private mutating func complain(_ name: String, _ value: InvalidValue, isOfPath: Bool = false) {
    guard !isRecording, !complaints.contains(where: { $0.name == name }) else { return }
    complaints.append(Complaint(name, value, isOfPath: isOfPath))
  }
}
