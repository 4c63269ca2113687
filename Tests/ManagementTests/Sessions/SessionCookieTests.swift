import Access
import Management
import Service
import XCTest

/// The exact form of the cookie.
final class SessionCookieTests: XCTestCase {
  private let value = String(repeating: "A", count: 43)

  func testUnderHTTPSItIsOfThisHostAlone() throws {
    let cookie = SessionCookie(try XCTUnwrap(BaseURL("https://s.example")))
    XCTAssertEqual(
      cookie.line(.sample),
      "__Host-swiftlet=\(value); Path=/; Secure; HttpOnly; SameSite=Strict")
    XCTAssertEqual(
      cookie.line(.sample, keptFor: 2_592_000),
      "__Host-swiftlet=\(value); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000")
    XCTAssertEqual(
      cookie.removal, "__Host-swiftlet=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
  }

  func testUnderHTTPItIsAPlainOne() throws {
    for text in ["http://s.example", "http://localhost:8080", "http://127.0.0.1"] {
      let cookie = SessionCookie(try XCTUnwrap(BaseURL(text)))
      XCTAssertEqual(
        cookie.line(.sample), "swiftlet=\(value); Path=/; HttpOnly; SameSite=Strict", text)
      XCTAssertEqual(cookie.removal, "swiftlet=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    }
  }
}
