import API
import Access
import EngineSupport
import JSON
import Links
import Management
import Postgres
import Web
import XCTest

/// Which links have a preview, and what a page of one has.
final class PreviewTests: XCTestCase {
  private func preview(
    _ scene: ManagedScene, _ slug: String, host: String = "", isPage: Bool = false
  ) throws -> Response? {
    var reader = InputReader(
      path: ["shortCode": slug], query: QueryString(), members: JSONObject(), GetPreview.body,
      prefersPage: isPage, host: host)
    let input = GetPreview().input(from: &reader)
    try reader.finish()
    do {
      return try GetPreview().perform(input, for: .anyone, in: scene.stores).response
    } catch .unknownCode {
      return nil
    }
  }

  private func insert(
    _ scene: ManagedScene, _ id: Int, _ url: String, domain: String = ""
  ) throws {
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, domain, original_url, created_at)
      VALUES (\(Int64(id)), \("s\(id)"), \(domain), \(url), '2026-03-07T23:59:59Z')
      """)
  }

  func testOnlyALinkThatLeadsSomewhereNowAndAsOftenAsOneLikesHasOne() throws {
    let scene = try ManagedScene()
    for id in 1...9 { try insert(scene, id, "https://example.com/\(id)") }
    for (id, change) in [
      (2, "disabled_at = now()"), (3, "deleted_at = now()"), (4, "max_visits = 5"),
      (5, "valid_since = now() + interval '1 hour'"),
      (6, "valid_until = now() - interval '1 hour'"),
      (7, "preview = false"), (8, "valid_since = '2020-01-01', valid_until = '2099-01-01'"),
      (9, "rules = '[]'"),
    ] as [(Int64, SQL)] {
      try scene.run("UPDATE short_urls SET \(change) WHERE snowflake_id = \(id)")
    }
    XCTAssertEqual(
      try (1...9).map { try preview(scene, "s\($0)") != nil },
      [true, false, false, false, false, false, false, true, true])
    XCTAssertNil(try preview(scene, "none"))
    XCTAssertThrowsError(try preview(scene, "<b>"))
    let answer = try XCTUnwrap(try preview(scene, "s1"))
    XCTAssertEqual(
      String(decoding: answer.body, as: UTF8.self),
      #"{"shortUrl":"https://s.test/s1","longUrl":"https://example.com/1","#
        + #""dateCreated":"2026-03-07T23:59:59+00:00","hasRedirectRules":false}"#)
    XCTAssertTrue(answer.fields.contains(Response.Field("Vary", "Accept")))
  }

  func testAHostHasThePreviewsOfItsDomainAndThoseOfTheDefaultOne() throws {
    let scene = try ManagedScene()
    try insert(scene, 1, "https://example.com/1")
    try insert(scene, 2, "https://example.com/2", domain: "go.test")
    // The domain's own link of a name of the default domain, which is deleted.
    try insert(scene, 3, "https://example.com/3")
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, domain, original_url, created_at, deleted_at)
      VALUES (4, 's3', 'go.test', 'https://example.com/4', now(), now())
      """)
    for (slug, host, isThere) in [
      ("s1", "", true), ("s1", "go.test", true), ("s2", "go.test", true), ("s2", "", false),
      ("s2", "else.test", false), ("s1", "else.test", true), ("s3", "go.test", false),
      ("s3", "else.test", true),
    ] {
      XCTAssertEqual(try preview(scene, slug, host: host) != nil, isThere, "\(slug) \(host)")
    }
  }

  func testNothingOfALinkBecomesMarkupAndOnlyAURLOfTheWebBecomesALink() throws {
    let scene = try ManagedScene()
    let urls: [(url: String, shown: String, host: String?, isLink: Bool)] = [
      (
        "https://www.example.com/a?b=1&c='2'#d",
        "https://www.example.com/a?b=1&amp;c=&#39;2&#39;#d",
        "www.example.com", true
      ),
      ("http://192.0.2.7/x", "http://192.0.2.7/x", nil, true),
      ("mailto:a@example.com", "mailto:a@example.com", nil, false),
      (
        "javascript:alert('<script>')//\"", "javascript:alert(&#39;&lt;script&gt;&#39;)//&quot;",
        nil,
        false
      ),
      (
        "https://e.example/\"><script>x</script>",
        "https://e.example/&quot;&gt;&lt;script&gt;x&lt;/script&gt;", "e.example", true
      ),
      ("https://good.example@evil.example/", "https://good.example@evil.example/", nil, true),
      ("https://e.example/\u{202E}gpj", "https://e.example/\u{202E}gpj", nil, false),
    ]
    for (index, (url, shown, host, isLink)) in urls.enumerated() {
      try insert(scene, index + 1, url)
      let answer = try XCTUnwrap(try preview(scene, "s\(index + 1)", isPage: true), url)
      let page = String(decoding: answer.body, as: UTF8.self)
      XCTAssertTrue(page.contains("<bdi dir=\"ltr\">\(shown)</bdi>"), page)
      XCTAssertEqual(page.contains("href=\"\(shown)\">Go there"), isLink, page)
      XCTAssertEqual(page.contains("class=\"host\""), host != nil, page)
      if let host { XCTAssertTrue(page.contains("<bdi dir=\"ltr\">\(host)</bdi>"), page) }
      XCTAssertFalse(page.contains("<script"), page)
      XCTAssertTrue(
        page.contains("<time datetime=\"2026-03-07T23:59:59Z\">7 March 2026</time>"), page)
      XCTAssertEqual(
        page.components(separatedBy: "<a ").count - 1, isLink ? 1 : 0, "one way out at most")
      XCTAssertEqual(page.contains("rel=\"nofollow noopener noreferrer\""), isLink)
      XCTAssertTrue(page.contains("<meta name=\"robots\" content=\"noindex\">"))
      XCTAssertFalse(page.contains("Its owner leads"))
    }
    try scene.run("UPDATE short_urls SET rules = '[]' WHERE snowflake_id = 1")
    let ruled = try XCTUnwrap(try preview(scene, "s1", isPage: true))
    XCTAssertTrue(String(decoding: ruled.body, as: UTF8.self).contains("Its owner leads"))
  }
}
