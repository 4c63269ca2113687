import Text
import XCTest

@testable import Links

final class ShortCodeTextTests: XCTestCase {
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

  func testWhatRunningTextAddsIsNoPartOfACode() {
    let code = "7Ab9"
    for tail in [
      "", "/", "//", ".", ",", ")", ").", "]", "}", ">", ";", ":", "!", "?", "'", "\"", "*", "_",
      "-", "`", "\\", "|", "%20", "%20)", "%22", "%27", "%3E", "%3e", "%5D", "%29.", "%0A",
      "%0D%0A",
      "%09", "%00", "%E2%80%9D", "%E2%80%99", "%C2%BB", "%c2%bb.", "%EF%BC%89", "%E3%80%82",
      "%E3%81%A7%E3%81%99", "\u{201D}", "&utm_source=x", "&a=b&c=%2F/d", "&", "&amp;x", "%26x=y",
      "%20and%20more", "<br>", "%3Cbr%3E", "\" target=x", "%3F", "/.", "%FF",
    ] {
      XCTAssertEqual(ShortCode(pasted: code + tail)?.description, code, tail)
    }
    XCTAssertEqual(ShortCode(pasted: "%37A%62%39%2E")?.description, code)
  }

  func testOtherTextIsNoCode() {
    for text in [
      "", "/", ".", "%20", "&", "&7Ab9", "7A/b9", "7A.b9", "7A%2Fb9", "7Ab9)x", ".7Ab9", "%20Ab9",
      "%2537", String(repeating: "a", count: 33) + "/",
    ] {
      XCTAssertNil(ShortCode(pasted: text), text)
    }
  }
}
