import JSON
import Web
import XCTest

@testable import API

/// What a reader makes of bodies, queries and paths.
final class InputReaderTests: XCTestCase {
  /// One field of each kind.
  private struct Sample: Equatable {
    var required = ""
    var optional: Int?
    var kept: Change<Bool> = .keep
    var cleared: Change<String> = .keep
  }

  private func read(
    _ body: String, _ form: BodyForm = .lenient
  ) throws -> Result<Sample, InputFailure> {
    let members = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object, body)
    var reader = InputReader(path: [:], query: QueryString(), members: members, form)
    return try read(&reader)
  }

  private func read(_ reader: inout InputReader) throws -> Result<Sample, InputFailure> {
    let sample = Sample(
      required: reader.required("name", .string(atMost: 5, sample: "x"), "A name."),
      optional: reader.optional("count", .integer(in: 1...9, sample: 2), "How many."),
      kept: reader.change("enabled", .boolean, "Whether it is."),
      cleared: reader.change(
        "title", .string(atMost: 3, sample: "y"), clears: true, "What it is called."))
    return Result { () throws(InputFailure) in
      try reader.finish()
      return sample
    }
  }

  func testABodyIsReadFieldByField() throws {
    let cases: [(String, Sample)] = [
      (#"{"name":"a"}"#, Sample(required: "a")),
      (#"{"name":"","count":9}"#, Sample(required: "", optional: 9)),
      (#"{"name":"a","count":"3"}"#, Sample(required: "a", optional: 3)),
      (#"{"name":"a","count":null}"#, Sample(required: "a")),
      (#"{"name":"äöü€𝄞","enabled":false}"#, Sample(required: "äöü€𝄞", kept: .set(false))),
      (#"{"name":"a","title":null}"#, Sample(required: "a", cleared: .clear)),
      (#"{"name":"a","title":""}"#, Sample(required: "a", cleared: .set(""))),
      (#"{"name":"a","other":[{}]}"#, Sample(required: "a")),
    ]
    for (body, sample) in cases { XCTAssertEqual(try read(body).get(), sample, body) }
  }

  func testEveryInvalidFieldIsNamedWithItsReason() throws {
    let cases: [(String, [String])] = [
      ("{}", ["name is missing."]),
      (#"{"name":null}"#, ["name must be a string, not null."]),
      (#"{"name":1}"#, ["name must be a string, not a number."]),
      (#"{"name":"123456"}"#, ["name may have 5 characters at most."]),
      (#"{"name":"a","count":0}"#, ["count must be from 1 to 9."]),
      (#"{"name":"a","count":1.5}"#, ["count must be an integer."]),
      (#"{"name":"a","count":"x"}"#, ["count must be an integer."]),
      (#"{"name":"a","count":true}"#, ["count must be an integer."]),
      (#"{"name":"a","count":99999999999999999999}"#, ["count must be an integer."]),
      (#"{"name":"a","enabled":null}"#, ["enabled must be true or false, not null."]),
      (#"{"name":"a","enabled":"true"}"#, ["enabled must be true or false, not a string."]),
      (#"{"name":"a","enabled":0}"#, ["enabled must be true or false, not a number."]),
      (#"{"name":"a","title":["x"]}"#, ["title must be a string, not an array."]),
      (
        #"{"name":{},"count":[],"title":"1234"}"#,
        [
          "name must be a string, not an object.", "count must be an integer.",
          "title may have 3 characters at most.",
        ]
      ),
    ]
    for (body, sentences) in cases { XCTAssertEqual(try complaints(body), sentences, body) }
  }

  func testUnknownMembersAreRefusedWhereTheBodyIsReadExactly() throws {
    XCTAssertEqual(try complaints(#"{"name":"a","x":1}"#, .exact), ["x is unknown here."])
    XCTAssertEqual(try complaints(#"{"name":"a","":1}"#, .exact), [" is unknown here."])
    XCTAssertEqual(
      try complaints(#"{"Name":"a"}"#, .exact), ["name is missing.", "Name is unknown here."])
    // The Kelvin sign is the letter K to String, and another member here.
    let members = JSONObject([.init("\u{212A}", .bool(true))])
    var reader = InputReader(path: [:], query: QueryString(), members: members, .exact)
    _ = reader.optional("K", .boolean, "A letter.")
    XCTAssertThrowsError(try reader.finish())
  }

  func testAnAnswerStaysShortWhateverTheBodyHas() throws {
    let long = String(repeating: "x", count: 60_000)
    let value = try XCTUnwrap(try complaints(#"{"name":"\#(long)"}"#).first)
    XCTAssertFalse(value.contains("xx"))
    let name = try complaints(#"{"name":"a","\#(long)":1}"#, .exact)
    XCTAssertEqual(name, [String(repeating: "x", count: 64) + "… is unknown here."])
    let many = (0..<5000).map { #","k\#($0)":0"# }.joined()
    let complaints = try complaints(#"{"name":"a"\#(many)}"#, .exact)
    XCTAssertEqual(complaints.count, 11)
    XCTAssertEqual(complaints.last, "body has 4990 more unknown members.")
  }

  func testAFieldIsComplainedAboutOnce() throws {
    var reader = InputReader(path: [:], query: query("a=x&a=y&a=3"), members: .init(), .none)
    let numbers = reader.parameters("a", .integer(in: 0...9, sample: 1), atMost: 3, "Numbers.")
    reader.refuse("a", "is odd")
    XCTAssertEqual(numbers, [3])
    XCTAssertEqual(reader.complaints.map(\.sentence), ["a must be an integer."])
  }

  func testAListHasABound() throws {
    var reader = InputReader(path: [:], query: query("a[]=1&a[]=2&a[]=3"), members: .init(), .none)
    XCTAssertEqual(reader.parameters("a", .integer(in: 0...9, sample: 1), atMost: 2, ""), [])
    XCTAssertEqual(reader.complaints.map(\.sentence), ["a may come 2 times at most."])
  }

  func testAFlagIsThereWhateverItsValue() throws {
    for (text, expected) in [("f", true), ("f=false", true), ("f=", true), ("g=f", false)] {
      var reader = InputReader(path: [:], query: query(text), members: .init(), .none)
      XCTAssertEqual(reader.flag("f", "Whether."), expected, text)
    }
  }

  func testATextWithNULIsRefusedWhereverItStands() throws {
    var reader = InputReader(
      path: ["code": "a\0b"], query: query("term=%00"), members: .init(), .none)
    let type = FieldType<String>.string(atMost: 10, sample: "x")
    XCTAssertEqual(reader.segment("code", type, ""), "x")
    XCTAssertNil(reader.parameter("term", type, ""))
    XCTAssertEqual(reader.complaints.map(\.name), ["code", "term"])
  }

  func testAQueryOfTooManyParametersIsRefusedWhereOneIsRead() throws {
    let long = query(String(repeating: "a=1&", count: 10_000))
    var indifferent = InputReader(path: [:], query: long, members: .init(), .none)
    XCTAssertNoThrow(try indifferent.finish())
    var reader = InputReader(path: [:], query: long, members: .init(), .none)
    _ = reader.parameter("a", FieldType.boolean, "")
    XCTAssertThrowsError(try reader.finish())
    XCTAssertEqual(reader.complaints.map(\.sentence), ["query has too many parameters."])
  }

  func testRecordingGivesTheSameCallsAsReadingAndNoComplaint() throws {
    var recorder = InputReader(recording: .exact)
    XCTAssertEqual(try read(&recorder).get().required, "x")
    XCTAssertEqual(recorder.fields.map(\.name), ["name", "count", "enabled", "title"])
    XCTAssertEqual(recorder.fields.map(\.isRequired), [true, false, false, false])
    let types = recorder.fields.map { $0.schema.object["type"] }
    XCTAssertEqual(
      types, ["string", .array(["integer", "null"]), "boolean", .array(["string", "null"])])
    var reader = InputReader(path: [:], query: QueryString(), members: .init(), .exact)
    _ = try read(&reader)
    XCTAssertEqual(reader.calls, recorder.calls)
    XCTAssertEqual(reader.fields.count, 0)
  }

  private func complaints(_ body: String, _ form: BodyForm = .lenient) throws -> [String] {
    guard case .failure(.invalid(let complaints)) = try read(body, form) else { return [] }
    return complaints.map(\.sentence)
  }
}

func query(_ text: String) -> QueryString {
  Array(text.utf8).withUnsafeBufferPointer { QueryString($0) }
}
