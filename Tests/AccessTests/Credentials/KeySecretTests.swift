import XCTest

@testable import Access

final class KeySecretTests: XCTestCase {
  func testANewSecretIsReadAgain() throws {
    let secret = KeySecret.random()
    XCTAssertEqual(secret.text.utf8.count, 53)
    XCTAssertTrue(secret.text.hasPrefix("swl_"))
    XCTAssertEqual(try XCTUnwrap(KeySecret(secret.text.utf8)).hash, secret.hash)
    XCTAssertEqual(secret.prefix, String(secret.text.prefix(12)))
    XCTAssertNotEqual(KeySecret.random().text, secret.text)
  }

  func testAMistypedSecretIsNoneWhereverTheMistakeIs() {
    let text = Array(KeySecret.random().text.utf8)
    for index in 4..<text.count {
      var mistyped = text
      mistyped[index] = text[index] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
      XCTAssertNil(KeySecret(mistyped), "\(index)")
    }
    XCTAssertNil(KeySecret(text.dropLast()))
    XCTAssertNil(KeySecret(text + [UInt8(ascii: "0")]))
    XCTAssertNil(KeySecret(Array("swl_".utf8) + text.dropFirst(4).reversed()))
  }

  func testATextThatAnOperatorChoseMayBeASecret() throws {
    let chosen = "correct-horse-battery"
    XCTAssertEqual(try XCTUnwrap(KeySecret(chosen.utf8)).prefix, "corr")
    XCTAssertNotNil(KeySecret(String(repeating: "k", count: 16).utf8))
    XCTAssertNotNil(KeySecret(String(repeating: "k", count: 128).utf8))
    for bad in [
      "", String(repeating: "k", count: 15), String(repeating: "k", count: 129),
      "with a blank in the middle", "with-a-letter-such-as-ä", "with-a-NUL-\0-in-the-middle",
    ] {
      XCTAssertNil(KeySecret(bad.utf8), bad)
    }
  }
}
