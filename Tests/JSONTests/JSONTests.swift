import JSON
import TestSupport
import XCTest

final class JSONTests: XCTestCase {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  private func reason(_ bytes: [UInt8]) -> JSONError.Reason? {
    do {
      _ = try JSONValue(parsing: bytes)
      return nil
    } catch {
      return error.reason
    }
  }

  func testEveryKindOfValueIsRead() throws {
    let value = try parse(#" {"a":[1,-2.5e+3,true,false,null],"b":{"c":"d"}} "#)
    XCTAssertEqual(value.object?.members.map(\.key), ["a", "b"])
    XCTAssertEqual(
      value.object?["a"]?.array,
      [.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null])
    XCTAssertEqual(value.object?["b"]?.object?["c"]?.string, "d")
  }

  func testEscapesAndSurrogatePairsBecomeTheirCharacters() throws {
    XCTAssertEqual(
      try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#).string,
      "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}")
  }

  func testWhatTwoReadersCouldUnderstandDifferentlyIsRefused() {
    XCTAssertEqual(reason(Array(#"{"a":1,"a":2}"#.utf8)), .duplicateKey)
    XCTAssertEqual(reason(Array(#"{"a":1,"\u0061":2}"#.utf8)), .duplicateKey)
    XCTAssertEqual(reason(Array(#""\ud800""#.utf8)), .invalidEscape)
    XCTAssertEqual(reason(Array(#""\ud800\u0041""#.utf8)), .invalidEscape)
    XCTAssertEqual(reason(Array(#""\udc00""#.utf8)), .invalidEscape)
    XCTAssertEqual(reason(Array(#""\u0000""#.utf8)), .nul)
    XCTAssertEqual(reason([0xEF, 0xBB, 0xBF, 0x31]), .unexpectedByte)
    XCTAssertEqual(reason([0x22, 0xFF, 0x22]), .invalidUTF8)
    XCTAssertEqual(reason([0x22, 0xC0, 0x80, 0x22]), .invalidUTF8)
    XCTAssertEqual(reason([0x22, 0x00, 0x22]), .controlCharacter)
    XCTAssertEqual(reason(Array("1 2".utf8)), .trailingBytes)
    XCTAssertEqual(reason([]), .empty)
  }

  func testMalformedTextsAreRefused() {
    for text in [
      "{", "[", "[1,]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "'a'", "tru", "nul",
      "01", "1.", ".5", "1e", "-", "+1", "NaN", "\"abc", "\"\\x\"", "\"\n\"", "[1 2]", "]", "// a",
    ] {
      XCTAssertNotNil(reason(Array(text.utf8)), text)
    }
  }

  func testNestingIsBounded() throws {
    let nested = { (depth: Int) in
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    XCTAssertNoThrow(try parse(nested(32)))
    XCTAssertEqual(reason(Array(nested(33).utf8)), .tooDeep)
    XCTAssertEqual(reason(Array(String(repeating: "[", count: 60_000).utf8)), .tooDeep)
  }

  func testWhatTheWriterWritesTheReaderReads() throws {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("text")
    writer.string("quote \" backslash \\ line\nnul\u{0001} \u{1F600} \u{7F}")
    writer.key("bytes")
    writer.string(bytes: [0x61, 0xFF, 0x62])
    writer.key("list" as String)
    writer.beginArray()
    writer.number(-7)
    writer.number(UInt64.max)
    writer.bool(true)
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.endArray()
    writer.endObject()
    let object = try XCTUnwrap(JSONValue(parsing: writer.bytes).object)
    XCTAssertEqual(
      object["text"]?.string, "quote \" backslash \\ line\nnul\u{0001} \u{1F600} \u{7F}")
    XCTAssertEqual(object["bytes"]?.string, "a\u{FFFD}b")
    XCTAssertEqual(
      object["list"]?.array,
      [.number("-7"), .number("18446744073709551615"), .bool(true), .null, .object(JSONObject())])
  }

  func testRandomBytesNeverTrapTheReader() {
    var generator = SplitMix64(seed: 42)
    let alphabet = Array(#"{}[]",:\u0129truefalsn-.eE "#.utf8) + [0x00, 0x80, 0xC3, 0xED, 0xFF]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...24, using: &generator)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      _ = reason(bytes)
    }
  }
}
