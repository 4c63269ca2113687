import Access
import Text
import XCTest

final class TokenTests: XCTestCase {
  func testATokenHas256RandomBits() throws {
    let tokens = (0..<1000).map { _ in Token.random() }
    XCTAssertEqual(Set(tokens.map(\.text)).count, tokens.count)
    for token in tokens {
      XCTAssertEqual(token.text.utf8.count, Token.length)
      XCTAssertEqual(Base64URL.bytes(of: token.text)?.count, 32)
      XCTAssertEqual(Token(token.text.utf8), token)
      XCTAssertNotEqual(token.hash, tokens.first { $0 != token }?.hash)
    }
  }

  func testWhatIsNoTokenIsNoneWithoutAStore() {
    let text = Token.random().text
    for other in [
      "", String(text.dropLast()), text + "A", text.dropLast() + "=", text.dropLast() + " ",
      "+" + text.dropFirst(), "\u{0}" + text.dropFirst(), String(repeating: "é", count: 43),
    ] {
      XCTAssertNil(Token(other.utf8), other)
    }
  }
}
