import Text
import XCTest

@testable import Links

final class SlugTextTests: XCTestCase {
  private func decoded(_ path: String) -> String {
    Array(path.utf8).withUnsafeBufferPointer { path in
      let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: path.count)
      defer { room.deallocate() }
      return String(
        decoding: room[..<PercentEncoding.decodeUnreserved(path, into: room)], as: UTF8.self)
    }
  }

  func testUnreservedCharactersAreDecodedOnceAndOthersStay() {
    for (path, expected) in [
      ("/%73horten", "/shorten"), ("/%7Euser%2Dx%2ey%5f", "/~user-x.y_"), ("/%2541", "/%2541"),
      ("/a%2Fb%2f", "/a%2Fb%2f"), ("/%20%3F%26%00%FF", "/%20%3F%26%00%FF"), ("/%", "/%"),
      ("/%4", "/%4"), ("/%zz%4", "/%zz%4"), ("", ""), ("/%25%34%31", "/%2541"),
    ] {
      XCTAssertEqual(decoded(path), expected, path)
    }
  }

  private func readings(_ text: String) -> [String] {
    Slug.readings(pasted: text).map(\.description)
  }

  func testWhatRunningTextAddsIsNoPartOfASlug() {
    let code = "7Ab9"
    for tail in [
      "", "/", "//", ".", ",", ")", ").", "]", "}", ">", ";", ":", "!", "?", "'", "\"", "*", "_",
      "-", "`", "\\", "|", "%20", "%20)", "%22", "%27", "%3E", "%3e", "%5D", "%29.", "%0A",
      "%0D%0A",
      "%09", "%00", "%E2%80%9D", "%E2%80%99", "%C2%BB", "%c2%bb.", "%EF%BC%89", "%E3%80%82",
      "%E3%81%A7%E3%81%99", "\u{201D}", "&utm_source=x", "&a=b&c=%2F/d", "&", "&amp;x", "%26x=y",
      "%20and%20more", "<br>", "%3Cbr%3E", "\" target=x", "%3F", "/.", "%FF",
    ] {
      XCTAssertEqual(readings(code + tail).last, code, tail)
    }
    XCTAssertEqual(readings("%37A%62%39%2E").last, code)
  }

  func testATextIsReadAsWrittenFirstAndOnlyThenWithoutWhatMayFollow() {
    for (text, expected) in [
      ("7Ab9", ["7Ab9"]), ("7Ab9.", ["7Ab9.", "7Ab9"]), ("7Ab9-", ["7Ab9-", "7Ab9"]),
      ("%37Ab9%2D", ["7Ab9-", "7Ab9"]), ("7Ab9/", ["7Ab9"]), ("7Ab9).", ["7Ab9"]),
      ("summer-sale", ["summer-sale"]), ("summer-sale~", ["summer-sale~", "summer-sale"]),
      ("7A.b9", ["7A.b9"]), ("a.b,", ["a.b"]), (".7Ab9", [".7Ab9"]), ("a.b&c=d.e", ["a.b"]),
    ] {
      XCTAssertEqual(readings(text), expected, text)
    }
  }

  /// Each text that may be a slug is looked up, and only these endings are slugs.
  ///
  /// So an attacker has four names for each known link, and not one for every row of full stops.
  func testALinksNameWithWhatMayFollowIsASlugInFourWaysOnly() {
    let marks = ["", ".", "-", "_", "~", ")", "%20"]
    var written: Set<String> = []
    for first in marks {
      for second in marks {
        for third in marks {
          let found = readings("7Ab9" + first + second + third)
          XCTAssertLessThanOrEqual(found.count, 2)
          XCTAssertEqual(found.last, "7Ab9")
          written.formUnion(found.dropLast())
        }
      }
    }
    XCTAssertEqual(written, ["7Ab9.", "7Ab9-", "7Ab9_", "7Ab9~"])
  }

  func testSegmentsAreOneSlug() {
    XCTAssertEqual(readings("7A/b9"), ["7A/b9"])
  }

  func testOtherTextIsNoSlug() {
    for text in [
      "", "/", ".", "%20", "&", "&7Ab9", "7A//b9", "7A%2Fb9", "7Ab9)x", "%20Ab9", "%2537", "--",
      String(repeating: "a", count: 256) + "/",
    ] {
      XCTAssertEqual(readings(text), [], text)
    }
  }
}
