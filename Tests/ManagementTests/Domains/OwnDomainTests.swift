import API
import Access
import Destinations
import JSON
import Links
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// No new URL leads to a domain of this installation: a visitor could be sent around for ever.
final class OwnDomainTests: XCTestCase {
  private let ownHosts = try? OwnHosts(["s.test"])

  private func scene() throws -> ManagedScene {
    let scene = try ManagedScene()
    try scene.run(
      "INSERT INTO domains (authority) VALUES ('go.example'), ('xn--bcher-kva.example')")
    return scene
  }

  private func assertLeadsBack(
    _ scene: ManagedScene, _ member: String, line: UInt = #line, _ body: () throws -> Void
  ) throws {
    let failure = try assertThrows(ManagementFailure.self, line: line, body)
    XCTAssertEqual(failure.problem.detail.contains("leads back"), true, line: line)
    XCTAssertEqual(
      failure.problem.members.first?.value.array?.map(\.string), [member], line: line)
  }

  func testNoLinkLeadsToADomainHoweverItsHostIsWritten() throws {
    let scene = try scene()
    let create = CreateShortURL(try XCTUnwrap(ownHosts))
    for url in [
      "https://go.example/x", "HTTP://GO.example:8080", "https://go.example./?x",
      "https://bücher.example/x", "https://xn--BCHER-kva.example/#a",
    ] {
      try assertLeadsBack(scene, "longUrl") {
        _ = try scene.perform(create, body: ["longUrl": .string(url)], for: .operator)
      }
    }
    // A domain that the link itself makes.
    try assertLeadsBack(scene, "longUrl") {
      _ = try scene.perform(
        create, body: ["longUrl": "https://new.example/", "domain": "new.example"], for: .operator)
    }
    XCTAssertEqual(try scene.count("short_urls"), 0)
    for url in ["https://www.go.example/", "https://go.example.com/", "https://e.test/go.example"] {
      _ = try scene.perform(create, body: ["longUrl": .string(url)], for: .operator)
    }
    XCTAssertEqual(try scene.count("short_urls"), 3)
  }

  func testShortenRefusesTheURLsOfDomainsAlone() throws {
    let scene = try scene()
    let urls = ["https://a.test/", "https://go.example/x", "https://b.test/"]
    let answers = ShortenURL(try XCTUnwrap(ownHosts)).perform(
      urls.map { (DestinationURL(unchecked: $0), Caller.operator) }, in: scene.stores)
    XCTAssertEqual(answers.map { (try? $0.get()) != nil }, [true, false, true])
    XCTAssertEqual(try scene.count("short_urls WHERE original_url LIKE 'https://_.test/'"), 2)
    guard case .failure(let failure) = answers[1] else { return XCTFail("it is made") }
    XCTAssertEqual(failure.problem.type, .invalidURL)
  }

  func testNoEditRuleOrRedirectOfADomainLeadsToADomain() throws {
    let scene = try scene()
    let hosts = try XCTUnwrap(ownHosts)
    _ = try scene.perform(
      CreateShortURL(hosts), body: ["longUrl": "https://e.test/", "customSlug": "x"], for: .operator
    )
    let name = ShortURLName(try XCTUnwrap(Slug("x")))
    let back = DestinationURL(unchecked: "https://go.example/x")
    var edition = ShortURLEdition()
    edition.longURL = .set(back)
    try assertLeadsBack(scene, "longUrl") {
      _ = try EditShortURL(hosts).perform(.init(name, edition), for: .operator, in: scene.stores)
    }
    try assertLeadsBack(scene, "redirectRules") {
      _ = try SetRedirectRules(hosts).perform(
        .init(name, .success([RedirectRule(back, when: [])])), for: .operator, in: scene.stores)
    }
    for member in ["baseUrlRedirect", "regular404Redirect", "invalidShortUrlRedirect"] {
      for domain in ["DEFAULT", "go.example", "xn--bcher-kva.example"] {
        try assertLeadsBack(scene, member) {
          _ = try scene.perform(
            SetDomainRedirects(hosts),
            body: ["domain": .string(domain), member: "https://go.example/{ORIGINAL_PATH}"],
            for: .operator)
        }
      }
    }
  }
}
