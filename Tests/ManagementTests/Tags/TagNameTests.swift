import API
import JSON
import Management
import TestSupport
import Web
import XCTest

/// Which texts are names of tags, and which are the same one.
final class TagNameTests: XCTestCase {
  func testANameIsTrimmedInLowerCaseAndHasDashesForBlanks() {
    for (text, name) in [
      ("foo", "foo"), (" Foo\t", "foo"), ("Summer Sale", "summer-sale"), ("a  b", "a--b"),
      ("ÄÖ Ü", "äö-ü"), ("a\u{A0}b", "a-b"), ("🙂", "🙂"), ("a,b/c?d", "a,b/c?d"), ("\n1\r\n", "1"),
      (String(repeating: "X", count: 255), String(repeating: "x", count: 255)),
    ] {
      XCTAssertEqual(TagName(text)?.description, name, text)
    }
    let long = String(repeating: "x", count: 256)
    for text in ["", " ", "\t\n", "a\tb", "a\u{0}", "a\u{2028}b", long] {
      XCTAssertNil(TagName(text), text)
    }
    // In lower case it is longer.
    XCTAssertNil(TagName(String(repeating: "\u{130}", count: 200)))
  }

  func testNamesOfOtherBytesAreOtherNames() throws {
    let composed = try XCTUnwrap(TagName("\u{E9}"))
    let decomposed = try XCTUnwrap(TagName("e\u{301}"))
    XCTAssertNotEqual(composed, decomposed)
    XCTAssertEqual(Set([composed, decomposed, composed]).count, 2)
    XCTAssertTrue(decomposed < composed)
  }

  func testTheTagsOfALinkComeEachOnceInTheirOrder() throws {
    func read(_ json: String) throws(InvalidValue) -> [String] {
      let body = JSONObject([.init("tags", (try? JSONValue(parsing: Array(json.utf8))) ?? .null)])
      var reader = InputReader(path: [:], query: .init(), members: body, .lenient)
      let tags = reader.required("tags", .tags, "")
      if let complaint = reader.complaints.first { throw complaint.value }
      return tags.map(\.description)
    }
    XCTAssertEqual(try read(#"["b", "A", " a ", "B c"]"#), ["a", "b", "b-c"])
    XCTAssertEqual(try read("[]"), [])
    let many = "[" + (0..<101).map { "\"t\($0)\"" }.joined(separator: ",") + "]"
    for (json, part) in [
      ("null", "array"), (#""a""#, "array"), (#"{"0": "a"}"#, "array"), (#"["a", ""]"#, "number 2"),
      (#"["a", 7]"#, "number 2"), (#"[["a"]]"#, "number 1"), (many, "100"),
    ] {
      let error = try assertThrows(InvalidValue.self) { _ = try read(json) }
      XCTAssertTrue(error.reason.contains(part), error.reason)
    }
  }
}
