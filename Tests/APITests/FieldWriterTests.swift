import JSON
import TestSupport
import Web
import XCTest

@testable import API

/// What is written always fits the schema that is recorded.
final class FieldWriterTests: XCTestCase {
  private enum Color: String, CaseIterable {
    case red
    case green
  }

  private struct Part: JSONObjectAnswer {
    static let schemaName = "Part"
    static let sample = Part(number: 1)
    static let summary = "A part."
    var number = 0

    func write(to writer: inout FieldWriter) {
      writer.field("number", number, .count(sample: 1), "How many.")
    }
  }

  private struct Whole: JSONObjectAnswer {
    static let schemaName = "Whole"
    static let sample = Whole()
    static let summary = "All kinds of fields."
    var text = "a \"b\" ü\u{7F}\u{1}"
    var color: Color? = .red
    var extra: Int? = 3
    var parts = [Part(number: 1)]
    var words = ["x"]
    var pairs: [(String, Int?)] = [("a", nil), ("b", 2)]

    func write(to writer: inout FieldWriter) {
      writer.field("text", text, .string(atMost: 100, sample: "x"), "A text.")
      writer.nullable("color", color, .word(sample: .green))
      writer.nullable("when", color.map { _ in "2026-11-22T10:11:12Z" }, .dateTime)
      writer.field("part", 1, Self.named, "One.")
      writer.nullable("another", color == nil ? nil : 1, Self.named, "Another.")
      writer.sometimes { writer in
        if let extra { writer.field("extra", extra, .integer(in: -5...5, sample: 1)) }
      }
      writer.object("inner", "Within.") { writer in
        writer.field("thousandths", 1034, .thousandths(sample: 1))
        writer.list("words", words, of: .url(sample: "https://example.com"), atMost: 2)
      }
      writer.list("parts", parts, "Parts.")
      writer.map("map", pairs) { pair, writer in
        if let pair { writer.field("value", pair, .count(sample: 1)) }
        writer.field("isThere", pair != nil, .boolean)
      }
    }

    private static let named = FieldType<Int>(
      schema: Schema(["type": "integer"], named: "Number"), sample: 1
    ) { _ throws(InvalidValue) in
      1
    } write: {
      .number("\($0)")
    }
  }

  private func complaints(about whole: Whole) throws -> [String] {
    let components = Whole.schema.components.map { ($0.name ?? "", JSONValue.object($0.object)) }
    let root = JSONValue.object([
      ("components", .object([("schemas", .object(components))])),
      ("schema", Whole.schema.reference),
    ])
    let document = try JSONAnswer(root.indented)
    let schema = try DescribedSchema(document["schema"], root: document)
    return try schema.complaints(about: JSONAnswer(whole.response.body).value)
  }

  func testWhatIsWrittenFitsTheRecordedSchema() throws {
    var whole = Whole()
    whole.words = ["https://example.com/a"]
    XCTAssertEqual(try complaints(about: whole), [])
    whole.color = nil
    whole.extra = nil
    whole.parts = []
    whole.words = []
    XCTAssertEqual(try complaints(about: whole), [])
    whole.parts = (0..<3).map { Part(number: $0) }
    whole.pairs = [("c\"", 3)]
    XCTAssertEqual(try complaints(about: whole), [])
    // And the check sees what doesn't fit.
    whole.words = ["no url"]
    XCTAssertEqual(try complaints(about: whole).count, 1)
    whole.words = ["a:b", "a:b", "a:b"]
    whole.extra = 6
    XCTAssertEqual(try complaints(about: whole).count, 2)
  }

  func testAFieldThatIsThereSometimesIsNotRequired() throws {
    let schema = try JSONAnswer(JSONValue.object(Whole.schema.object).indented)
    let names = try Set(schema["properties"].members.keys)
    XCTAssertEqual(names.subtracting(try schema["required"].texts), ["extra"])
    // In a list, also one that only some elements have.
    let element = try schema["properties"]["map"]["additionalProperties"]
    XCTAssertEqual(try element["required"].texts, ["isThere"])
    XCTAssertEqual(try Set(element["properties"].members.keys), ["isThere", "value"])
  }

  func testNamedSchemasAreReferredToAndKnown() throws {
    XCTAssertEqual(Set(Whole.schema.components.map(\.name)), ["Whole", "Part", "Number"])
    let schema = try JSONAnswer(JSONValue.object(Whole.schema.object).indented)
    XCTAssertEqual(
      try schema["properties"]["parts"]["items"]["$ref"].text, "#/components/schemas/Part")
    XCTAssertEqual(try schema["properties"]["part"]["description"].text, "One.")
    XCTAssertEqual(try schema["properties"]["another"]["anyOf"].elements.count, 2)
  }

  func testTheExampleIsTheSample() throws {
    let example = try XCTUnwrap(Part.content.example)
    XCTAssertEqual(example, .object([("number", .number("1"))]))
  }
}
