import Web
import XCTest

final class QueryStringTests: XCTestCase {
  private func query(_ text: String) -> QueryString { query(Array(text.utf8)) }

  private func query(_ bytes: [UInt8]) -> QueryString {
    bytes.withUnsafeBufferPointer { QueryString($0) }
  }

  private func pairs(_ text: String) -> [String] {
    query(text).parameters.map { "\($0.name)=\($0.value)" }
  }

  func testParametersAreDecodedInTheirOrder() {
    XCTAssertEqual(pairs(""), [])
    XCTAssertEqual(pairs("&&"), [])
    XCTAssertEqual(pairs("a=1&b=2&a=3"), ["a=1", "b=2", "a=3"])
    XCTAssertEqual(pairs("a&b=&=c&=&c==d=e"), ["a=", "b=", "=c", "=", "c==d=e"])
    XCTAssertEqual(pairs("a=x+y%20z%2B%26%3D"), ["a=x y z+&="])
    XCTAssertEqual(pairs("%61%3D=%C3%BC"), ["a==ü"])
  }

  func testABrokenPercentSignStandsForItself() {
    XCTAssertEqual(
      pairs("a=%&b=%1&c=%zz&d=%%41&e=100%25"),
      [
        "a=%", "b=%1", "c=%zz", "d=%A", "e=100%",
      ])
  }

  func testTheBracketsOfAListAreNoPartOfItsName() {
    for name in ["t[]", "t%5B%5D", "t[0]", "t%5b12%5d", "t"] {
      XCTAssertEqual(query("\(name)=x").values("t"), ["x"], name)
    }
    XCTAssertEqual(query("t[]=a&t[1]=b&t=c").values("t"), ["a", "b", "c"])
    for name in ["t[x]", "t]", "t[", "t[0]x", "t[-1]", "t[\u{661}]"] {
      XCTAssertEqual(query("\(name)=x").values("t"), [], name)
    }
    XCTAssertEqual(query("[]=x").values(""), ["x"])
    XCTAssertEqual(query("t[][]=x").values("t[]"), ["x"])
  }

  func testTheLastOfAParameterCounts() {
    XCTAssertEqual(query("page=1&page=2")["page"], "2")
    XCTAssertNil(query("Page=1")["page"])
  }

  func testBytesThatAreNoUTF8AreReplacedAndNULIsKept() {
    XCTAssertEqual(query("a=%FF%00b")["a"], "\u{FFFD}\0b")
    XCTAssertEqual(query([0x61, 0x3D, 0xC3])["a"], "\u{FFFD}")
  }

  func testAThousandParametersAreReadAndNoMore() {
    let thousand = query(Array(repeating: "a=1", count: 1000).joined(separator: "&"))
    XCTAssertEqual(thousand.parameters.count, 1000)
    XCTAssertFalse(thousand.isCropped)
    XCTAssertFalse(query(String(repeating: "a=1&", count: 1000)).isCropped)
    let many = query(String(repeating: "a=1&", count: 10_000))
    XCTAssertEqual(many.parameters.count, 1000)
    XCTAssertTrue(many.isCropped)
    XCTAssertFalse(query(String(repeating: "&", count: 10_000)).isCropped)
  }
}
