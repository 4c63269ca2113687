import Destinations
import Links
import XCTest

final class DestinationURLTests: XCTestCase {
  private var ownHosts = try? OwnHosts([])

  override func setUpWithError() throws {
    ownHosts = try OwnHosts(["sho.rt"])
  }

  private func outcome(_ url: String) -> Result<String, DestinationURLError> {
    guard let ownHosts else { return .failure(.leadsBack) }
    do throws(DestinationURLError) {
      return .success(try DestinationURL(url, ownHosts: ownHosts).description)
    } catch {
      return .failure(error)
    }
  }

  func testAGoodURLIsKeptByteForByte() {
    for url in [
      "https://example.com", "http://example.com/", "HTTPS://Example.COM/Path?q=1&r=%2f%zz#frag",
      "https://example.com:8443/a/../b//c?x=[1]&y={2}|3", "http://192.0.2.1:8080/",
      "https://example.com:/", "https://example.com:",
      "https://example.com:00080/a?b='c'",
      "http://[2001:db8::1]:80/x", "http://[2001:DB8:0:0:0:0:0:2]/", "https://a_b.example.com./?",
      "https://example.com/%E2%82%AC", "http://xn--bcher-kva.example/",
    ] {
      XCTAssertEqual(outcome(url), .success(url))
    }
  }

  func testWhatIsNotASCIIIsEncodedOnce() {
    XCTAssertEqual(
      outcome("https://example.com/€?q=ü#ß"),
      .success("https://example.com/%E2%82%AC?q=%C3%BC#%C3%9F"))
    XCTAssertEqual(
      outcome("https://Bücher.example:81/%C3%BC"),
      .success("https://xn--bcher-kva.example:81/%C3%BC"))
  }

  func testBlanksAroundAURLAreCutOff() {
    let url = "https://example.com/a"
    for pasted in [" \(url)", "\(url) ", "\t\(url)\r\n", "\r\n \u{B}\(url)\u{1F}\t "] {
      XCTAssertEqual(outcome(pasted), .success(url), pasted.debugDescription)
    }
  }

  func testBlanksQuotesAndAngleBracketsAfterTheHostAreEncodedAsBrowsersDo() {
    XCTAssertEqual(
      outcome("https://example.com/a b\"<c>?q=\"a b\"<c>#a \"<b>"),
      .success("https://example.com/a%20b%22%3Cc%3E?q=%22a%20b%22%3Cc%3E#a%20%22%3Cb%3E"))
    XCTAssertEqual(
      outcome(" HTTPS://Example.COM?a b  "), .success("HTTPS://Example.COM?a%20b"))
  }

  func testWhatCannotBeADestinationIsRefusedWithItsReason() {
    let refused: [(String, DestinationURLError)] = [
      ("", .empty), ("example.com", .unsupportedScheme), ("/path", .unsupportedScheme),
      ("ftp://example.com/", .unsupportedScheme), ("javascript:alert(1)", .unsupportedScheme),
      ("JavaScript://example.com/%0aalert(1)", .unsupportedScheme),
      ("data:text/html,x", .unsupportedScheme), ("file:///etc/passwd", .unsupportedScheme),
      ("https://exa\nmple.com", .forbiddenCharacter),
      ("https://example.com/\r\nSet-Cookie: a=b", .forbiddenCharacter),
      ("https://example.com/\u{0}a", .forbiddenCharacter),
      ("https://example.com/\u{7F}", .forbiddenCharacter),
      ("http://evil.example\\@good.example/", .forbiddenCharacter),
      ("https://user@example.com/", .userInfo), ("https://user:pass@example.com/", .userInfo),
      ("https://@example.com/", .userInfo), ("https://", .noHost), ("https:///path", .noHost),
      ("https:example.com", .noHost), ("https:/example.com", .noHost), ("https://:80/", .noHost),
      ("https://?q", .noHost), ("https://example.com:0/", .impossiblePort),
      ("https://example.com:65536/", .impossiblePort),
      ("https://example.com:99999/", .impossiblePort),
      ("https://example.com:8a/", .impossiblePort), ("https://:/", .noHost),
      ("https://example.com:18446744073709551697/", .impossiblePort),
      ("https://example.com/a\\b", .forbiddenCharacter), ("https://a\"b/", .forbiddenCharacter),
      ("https://<a>/", .forbiddenCharacter), ("https://example.com\t/", .forbiddenCharacter),
      (" \r\n", .empty), ("http", .unsupportedScheme), ("https s://a.example", .unsupportedScheme),
      ("https://example.com:+80/", .impossiblePort), ("https://exa%6dple.com/", .malformed),
      ("https://exam ple.com/", .forbiddenCharacter), ("https://a..b/", .malformed),
      ("https://[2001:db8::1/", .impossiblePort), ("https://[::1]x/", .malformed),
      ("https://[zz]/", .malformed),
      ("https://\(String(repeating: "a", count: 64)).example/", .malformed),
      ("http://0x7f.1/", .numericHost), ("http://2130706433./", .numericHost),
      ("http://[::ffff:7f00:1]/", .numericHost), ("http://xn--a/", .internationalHost),
      ("http://faß❤.example/", .internationalHost),
      ("https://sho.rt/abc", .leadsBack), ("http://SHO.RT:8080/abc", .leadsBack),
      ("http://sho.rt./abc", .leadsBack), ("http://[0:0::1]/", .leadsBack),
      ("http://sho.rt:/", .leadsBack),
    ]
    for (url, error) in refused {
      XCTAssertEqual(outcome(url), .failure(error), url.debugDescription)
    }
  }

  func testTheLongestURLIs8192Bytes() {
    let start = "https://example.com/"
    let longest = start + String(repeating: "a", count: 8192 - start.utf8.count)
    XCTAssertEqual(outcome(longest), .success(longest))
    XCTAssertEqual(outcome(longest + "a"), .failure(.tooLong))
    // Encoded, it would be longer than what fits.
    XCTAssertEqual(outcome(String(longest.dropLast(2)) + "ü"), .failure(.tooLong))
  }
}
