import TestSupport
import XCTest

/// The API's description as nginx serves it.
struct ServedDescription {
  /// An operation of the description.
  struct Operation {
    let path: String
    /// In upper case, as a request has it.
    let method: String
    let json: JSONAnswer
    /// Whether it asks for an API key.
    let isClosed: Bool
    /// Whether an installation may ask for one.
    var isOffered: Bool { !isClosed && (try? json.members["security"]) != nil }
    /// The statuses that it may answer.
    let statuses: Set<String>

    /// Its path with a link's code for each of its names.
    func target(_ code: String) -> String {
      path.replacing(/\{[^}]*\}/) { _ in code }
    }

    /// Whether its path has a place for each segment of a target.
    func takes(_ target: String) -> Bool {
      let (own, other) = (path.split(separator: "/"), target.split(separator: "/"))
      return own.count == other.count
        && zip(own, other).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    var isREST: Bool { path.hasPrefix("/rest") }
  }

  let root: JSONAnswer
  let operations: [Operation]

  init(_ http: HTTPClient) throws {
    root = try http.get("/openapi.json").json
    operations = try root["paths"].members.sorted { $0.key < $1.key }.flatMap { path, item in
      try item.members.sorted { $0.key < $1.key }.map { method, json in
        try Operation(
          path: path, method: method.uppercased(), json: json,
          isClosed: try json.members["security"].map { security in
            try security.elements.allSatisfy { try !$0.members.isEmpty }
          } ?? false,
          statuses: Set(json["responses"].members.keys))
      }
    }
  }

  func operation(_ method: String, _ path: String) throws -> Operation {
    try XCTUnwrap(
      operations.first { $0.method == method && $0.path == path }, "\(method) \(path)")
  }

  /// Asserts that an answer is a described one: status, header lines, media type and body.
  func assertDescribed(
    _ answer: HTTPClient.Answer, of operation: Operation, _ note: String = "",
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let note = "\(operation.method) \(operation.path) \(answer.status) \(note)"
    guard let described = try operation.json["responses"].members["\(answer.status)"] else {
      return XCTFail("\(note) isn't described: \(answer.text)", file: file, line: line)
    }
    let response =
      try described.members["$ref"].map { try root.at(reference: $0.text) } ?? described
    for name in try (response.members["headers"]?.members ?? [:]).keys {
      XCTAssertNotNil(answer[name.lowercased()], "\(note): \(name)", file: file, line: line)
    }
    guard let content = try response.members["content"], operation.method != "HEAD" else {
      return XCTAssertEqual(answer.body, [], note, file: file, line: line)
    }
    let type = try XCTUnwrap(answer["content-type"], note, file: file, line: line)
    let media = try XCTUnwrap(content.members[type], "\(note): \(type)", file: file, line: line)
    let value = type.contains("json") ? try answer.json.value : answer.text
    XCTAssertEqual(
      try DescribedSchema(media["schema"], root: root).complaints(about: value), [], note,
      file: file,
      line: line)
  }
}
