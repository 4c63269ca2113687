import Foundation
import TestSupport
import XCTest

/// Tags, domains and lists of links, as a client of Shlink's API uses them.
final class TagSiteTests: XCTestCase {
  private var site: KeyedSite!

  override func setUpWithError() throws { site = try KeyedSite() }

  override func tearDown() { site = nil }

  private func ask(
    _ method: String, _ path: String, json: String? = nil
  ) throws -> HTTPClient.Answer {
    try site.request(method, path, json)
  }

  /// Makes a link with tags, and gives its code.
  private func make(_ tags: [String]) throws -> String {
    let list = tags.map { "\"\($0)\"" }.joined(separator: ",")
    let answer = try ask(
      "POST", "/short-urls", json: #"{"longUrl":"https://example.com/tags","tags":[\#(list)]}"#)
    XCTAssertEqual(answer.status, 200, answer.text)
    return try answer.json["shortCode"].text
  }

  private func codes(_ query: String) throws -> [String] {
    let answer = try ask("GET", "/short-urls?" + query)
    XCTAssertEqual(answer.status, 200, answer.text)
    return try answer.json["shortUrls"]["data"].elements.map { try $0["shortCode"].text }
  }

  private func names(_ query: String) throws -> [String] {
    let answer = try ask("GET", "/tags?" + query)
    XCTAssertEqual(answer.status, 200, answer.text)
    return try answer.json["tags"]["data"].elements.map { try $0.text }
  }

  func testTagsAreGivenFoundRenamedAndDeleted() throws {
    let mark = "t" + UUID().uuidString.lowercased().prefix(8)
    let both = try make(["\(mark) Red", "\(mark)-blue"])
    let red = try make(["\(mark)-RED"])
    XCTAssertEqual(try names("searchTerm=\(mark)"), ["\(mark)-blue", "\(mark)-red"])
    XCTAssertEqual(try codes("tags[]=\(mark)-red"), [red, both])
    XCTAssertEqual(try codes("tags[]=\(mark)-red&tags[]=\(mark)-blue&tagsMode=all"), [both])
    XCTAssertEqual(try codes("tags[]=\(mark)-red&excludeTags[]=\(mark)-blue"), [red])
    let stats = try ask("GET", "/tags/stats?searchTerm=\(mark)&orderBy=shortUrlsCount-DESC").json
    XCTAssertEqual(
      try stats["tags"]["data"].elements.map {
        "\(try $0["tag"].text) \(try $0["shortUrlsCount"].number)"
      }, ["\(mark)-red 2", "\(mark)-blue 1"])

    let renaming = #"{"oldName":"\#(mark)-red","newName":"\#(mark)-green"}"#
    let renamed = try ask("PUT", "/tags", json: renaming)
    XCTAssertEqual(renamed.status, 204, renamed.text)
    XCTAssertEqual(try codes("tags[]=\(mark)-green"), [red, both])
    let again = try ask("PUT", "/tags", json: renaming)
    XCTAssertEqual(again.status, 404)
    XCTAssertEqual(try again.json["type"].text, "https://shlink.io/api/error/tag-not-found")
    let taken = try ask(
      "PUT", "/tags", json: #"{"oldName":"\#(mark)-green","newName":"\#(mark)-blue"}"#)
    XCTAssertEqual(taken.status, 409)
    XCTAssertEqual(try taken.json["type"].text, "https://shlink.io/api/error/tag-conflict")

    XCTAssertEqual(
      try ask("DELETE", "/tags?tags[]=\(mark)-green&tags%5B%5D=\(mark)-blue").status, 204)
    XCTAssertEqual(try names("searchTerm=\(mark)"), [])
    XCTAssertEqual(try ask("GET", "/short-urls/\(both)").json["tags"].elements.count, 0)
    XCTAssertEqual(try site.site.http.get("/\(both)").status, 301)
  }

  func testTheDefaultDomainIsListedFirst() throws {
    let answer = try ask("GET", "/domains")
    XCTAssertEqual(answer.status, 200, answer.text)
    let first = try XCTUnwrap(answer.json["domains"]["data"].elements.first)
    XCTAssertTrue(site.site.baseURL.hasSuffix("//" + (try first["domain"].text)))
  }

  func testADomainGetsRedirectsAndItsLinksAreServed() throws {
    let domain = "d\(UUID().uuidString.lowercased().prefix(8)).example"
    func visit(_ path: String) throws -> HTTPClient.Answer {
      let head = "GET \(path) HTTP/1.1\r\nHost: \(domain)\r\nConnection: close\r\n\r\n"
      return try site.site.http.exchange(Array(head.utf8))
    }
    // Workers know the list of domains from here on.
    XCTAssertEqual(try visit("/no-such-link").status, 404)
    let set = try ask(
      "PATCH", "/domains/redirects",
      json: #"{"domain":"\#(domain)","baseUrlRedirect":"https://example.com/home"}"#)
    XCTAssertEqual(set.status, 200, set.text)
    XCTAssertEqual(
      set.text,
      #"{"baseUrlRedirect":"https://example.com/home","regular404Redirect":null,"#
        + #""invalidShortUrlRedirect":null}"#)
    let listed = try ask("GET", "/domains").json["domains"]["data"].elements
    XCTAssertEqual(
      try listed.filter { try $0["domain"].text == domain }.map {
        try $0["redirects"]["baseUrlRedirect"].text
      }, ["https://example.com/home"])
    let link = try ask(
      "POST", "/short-urls",
      json: #"{"longUrl":"https://example.com/1","customSlug":"sale","domain":"\#(domain)"}"#)
    XCTAssertEqual(link.status, 200, link.text)
    XCTAssertTrue(
      try eventually(seconds: 20) {
        try visit("/sale")["location"] == "https://example.com/1"
      })

    let description = try ServedDescription(site.site.http)
    func delete(_ name: String, _ status: Int) throws {
      let answer = try ask("DELETE", "/domains/\(name)")
      XCTAssertEqual(answer.status, status, answer.text)
      try description.assertDescribed(
        answer, of: description.operation("DELETE", "/rest/v3/domains/{domain}"))
    }
    try delete(domain, 409)
    XCTAssertEqual(try ask("DELETE", "/short-urls/sale?domain=\(domain)").status, 204)
    XCTAssertTrue(
      try eventually(seconds: 20) { try visit("/")["location"] == "https://example.com/home" })
    try delete(domain, 204)
    XCTAssertTrue(
      try eventually(seconds: 20) { try visit("/")["location"] != "https://example.com/home" })
    try delete(domain, 404)
    try delete("DEFAULT", 400)
    try delete("a%20b", 400)
  }

  func testWhatCanNotBeReadIsRefusedAndNothingIsDoneWithoutAKey() throws {
    for (method, path, json, element) in [
      ("GET", "/short-urls?tagsMode=some", nil, "tagsMode"),
      ("GET", "/short-urls?tags[]=a%00b", nil, "tags"),
      ("GET", "/short-urls?orderBy=bots", nil, "orderBy"),
      ("GET", "/tags?page=0", nil, "page"),
      ("GET", "/tags/stats?itemsPerPage=x", nil, "itemsPerPage"),
      ("PUT", "/tags", "{}", "oldName"), ("PUT", "/tags", #"{"oldName":"a"}"#, "newName"),
      ("PUT", "/tags", #"{"oldName":[],"newName":"b"}"#, "oldName"),
      ("PATCH", "/domains/redirects", "{}", "domain"),
      ("PATCH", "/domains/redirects", #"{"domain":"10.0.0.1"}"#, "domain"),
      (
        "PATCH", "/domains/redirects", #"{"domain":"a.example","baseUrlRedirect":"foo"}"#,
        "baseUrlRedirect"
      ),
      ("DELETE", "/tags?tags[]=" + String(repeating: "x", count: 300), nil, "tags"),
    ] as [(String, String, String?, String)] {
      let answer = try ask(method, path, json: json)
      XCTAssertEqual(answer.status, 400, path)
      XCTAssertEqual(try answer.json["type"].text, "https://shlink.io/api/error/invalid-data", path)
      XCTAssertTrue(
        try answer.json["invalidElements"].elements.map { try $0.text }.contains(element),
        answer.text)
    }
    for (method, path) in [
      ("GET", "/tags"), ("GET", "/tags/stats"), ("PUT", "/tags"), ("DELETE", "/tags?tags[]=a"),
      ("GET", "/domains"), ("PATCH", "/domains/redirects"),
      ("DELETE", "/domains/a.example"),
    ] {
      let answer = try site.site.http.request(method, "/rest/v3" + path)
      XCTAssertEqual(answer.status, 401, path)
    }
  }
}
