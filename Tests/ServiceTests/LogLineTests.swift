import Foundation
import TestSupport
import XCTest

@testable import Service

final class LogLineTests: XCTestCase {
  func testALineIsAnObjectWithItsValuesInOrder() throws {
    let text = String(decoding: line(["b": "2", "a": "\"1\"\n"]).bytes(upTo: 4095), as: UTF8.self)
    XCTAssertTrue(text.hasPrefix(#"{"time":""#), text)
    XCTAssertTrue(text.hasSuffix(#""message":"it fails","a":"\"1\"\u000a","b":"2"}"#), text)
  }

  func testALongValueIsCutUntilTheLineIsShortEnoughAndStaysJSON() throws {
    for character in ["x", "\u{1}", "ü", "👩‍👩‍👧"] {
      let long = line(["error": String(repeating: character, count: 9000), "query": "short"])
      let bytes = long.bytes(upTo: 4095)
      XCTAssertLessThanOrEqual(bytes.count, 4095)
      XCTAssertGreaterThan(bytes.count, 500)
      let line = try JSONAnswer(bytes)
      XCTAssertEqual(try line["query"].text, "short")
      let error = try line["error"].text
      XCTAssertTrue(String(repeating: character, count: 9000).hasPrefix(error))
    }
  }

  private func line(_ values: [String: String]) -> LogLine {
    LogLine(level: "error", program: "test", message: "it fails", values: values)
  }
}
