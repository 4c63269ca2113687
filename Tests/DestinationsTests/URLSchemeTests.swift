import Destinations
import Links
import XCTest

/// URLs of other schemes than http and https, for links that may have them.
final class URLSchemeTests: XCTestCase {
  private func outcome(_ url: String) throws -> Result<String, DestinationURLError> {
    let ownHosts = try OwnHosts(["sho.rt"])
    do throws(DestinationURLError) {
      return .success(try DestinationURL(url, ownHosts: ownHosts, anyScheme: true).description)
    } catch {
      return .failure(error)
    }
  }

  func testAURLOfAnotherSchemeIsKeptByteForByte() throws {
    for url in [
      "mailto:a@example.org?subject=b", "tel:+49123", "sms:5550123", "market://details?id=org.e",
      "intent://e.org/#Intent;scheme=x;end", "MAILTO:a", "web+app:x", "org.e.app:/callback",
      "ftp://user@e.org/", "urn:a:", "x:y", "datas:x", "javascripts:x",
    ] {
      XCTAssertEqual(try outcome(url), .success(url))
      XCTAssertEqual(DestinationURL(stored: url, anyScheme: true)?.description, url)
      XCTAssertEqual(DestinationURL(stored: url, anyScheme: true)?.isWeb, false)
      XCTAssertNil(DestinationURL(stored: url), url)
    }
    XCTAssertEqual(try outcome(" mailto:ä b\"<c>\n"), .success("mailto:%C3%A4%20b%22%3Cc%3E"))
  }

  func testWhatRunsCodeOrReadsFilesIsRefusedInEverySpelling() throws {
    for scheme in [
      "javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "jar",
    ] {
      for url in [
        scheme + ":x", scheme.uppercased() + ":x", scheme.capitalized + "://e.org/",
        " \t\(scheme):x", scheme + ":https://e.org/",
      ] {
        XCTAssertEqual(try outcome(url), .failure(.forbiddenScheme), url)
        XCTAssertNil(DestinationURL(stored: url, anyScheme: true), url)
      }
    }
  }

  func testTheRulesOfTheWebHoldForItsSchemes() throws {
    for (url, reason) in [
      ("http:e.org", .noHost), ("https://a@e.org/", .userInfo), ("HTTP://sho.rt/x", .leadsBack),
      ("http://2130706433/", .numericHost), ("e.org", .unsupportedScheme),
      ("e.org:8080/a", .unsupportedScheme), ("//e.org/", .unsupportedScheme),
      (":x", .unsupportedScheme),
      ("1a:x", .unsupportedScheme), ("a b:x", .unsupportedScheme),
      ("java\tscript:x", .forbiddenCharacter),
      ("mailto:a\r\nX: 1", .forbiddenCharacter), ("tel:", .empty),
      (String(repeating: "a", count: 65) + ":x", .unsupportedScheme),
      ("mailto:" + String(repeating: "a", count: 8186), .tooLong),
      ("mailto:" + String(repeating: "ä", count: 2000), .tooLong),
    ] as [(String, DestinationURLError)] {
      XCTAssertEqual(try outcome(url), .failure(reason), String(url.prefix(80)))
    }
    XCTAssertEqual(try outcome("https://e.org/"), .success("https://e.org/"))
  }
}
