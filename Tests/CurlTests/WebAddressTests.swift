import Curl
import XCTest

final class WebAddressTests: XCTestCase {
  func testTheUserIsDecodedAndTheHostIsNot() throws {
    let address = try XCTUnwrap(WebAddress("HTTP://m%40e:p%3Aw@[::1]:81/a%2Fb?c#d"))
    XCTAssertEqual(address.scheme, "http")
    XCTAssertEqual(address.user, "m@e")
    XCTAssertEqual(address.password, "p:w")
    XCTAssertEqual(address.host, "[::1]")
    XCTAssertEqual(address.port, 81)
    XCTAssertEqual(address.path, "/a/b")
    XCTAssertTrue(address.hasMore)
    let plain = try XCTUnwrap(WebAddress("https://example.com"))
    XCTAssertNil(plain.user)
    XCTAssertNil(plain.port)
    XCTAssertFalse(plain.hasMore)
  }

  func testWhatCannotBeReadIsNoAddress() {
    for url in [
      "", "example.com", "http://", "http://h:99999/", "http://a%00b@h/", "http://h\u{0}/",
    ] {
      XCTAssertNil(WebAddress(url), url)
    }
    XCTAssertNil(WebAddress("http://h/a%00b")?.path)
  }
}
