import Service
import XCTest

@testable import swiftlet

/// The site for an nginx of another release than Debian's, by the words of that nginx.
final class SiteFormTests: XCTestCase {
  private func text(_ form: SiteForm) throws -> String {
    try SiteFile(
      values: SiteValues(
        Variables([
          "BASE_URL": "https://sho.rt", "TLS_CERTIFICATE": "/c", "TLS_KEY": "/k",
        ])), form: form
    ).text
  }

  /// nginx 1.31.5 says this.
  func testHTTP2IsADirectiveWhereNginxWarnsOfTheWord() throws {
    XCTAssertNil(SiteForm().form(after: []))
    let warning =
      "nginx: [warn] the \"listen ... http2\" directive is deprecated, use the \"http2\" directive "
      + "instead in /etc/nginx/sites-enabled/swiftlet.conf:143"
    let form = try XCTUnwrap(SiteForm().form(after: [warning]))
    XCTAssertTrue(try text(form).contains("    http2 on;\n"))
    XCTAssertFalse(try text(form).contains("ssl http2"))
    // Another site may have the word.
    XCTAssertNil(form.form(after: [warning]))
  }

  func testTheSizeOfTheHashIsLeftOutWhereItIsRefused() throws {
    let duplicate = NginxRefusal(complaints: [
      "nginx: [emerg] \"variables_hash_max_size\" directive is duplicate in /etc/nginx/nginx.conf:9"
    ])
    let form = try XCTUnwrap(SiteForm().form(after: duplicate))
    XCTAssertFalse(try text(form).contains("\nvariables_hash_max_size "))
    XCTAssertNil(form.form(after: duplicate))
  }
}
