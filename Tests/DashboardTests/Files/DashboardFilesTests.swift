import Foundation
import TestSupport
import XCTest

/// The dashboard's files as nginx serves them.
final class DashboardFilesTests: XCTestCase {
  private let strict = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ]

  func testEveryPathOfTheDashboardIsThePageUnderAStrictPolicy() throws {
    let http = try HTTPClient.site()
    for path in ["", "links", "links/a%2Fb/edit", "no/such/page?x=1"] {
      let page = try http.get("/dashboard/" + path)
      XCTAssertEqual(page.status, 200, path)
      XCTAssertEqual(page["content-type"], "text/html; charset=utf-8")
      XCTAssertEqual(page["cache-control"], "no-cache")
      XCTAssertEqual(page["content-security-policy"], strict.joined(separator: "; "))
      try assertSafe(page, path)
      XCTAssertFalse(page.text.contains("https://"), "a reference to another host")
    }
    let bare = try http.get("/dashboard")
    XCTAssertEqual(bare.status, 308)
    XCTAssertEqual(bare["location"], "/dashboard/")
    XCTAssertEqual(try http.request("POST", "/dashboard/").status, 405)
  }

  func testItsPartsAreKeptForEverUnderANameThatChangesWithThem() throws {
    let http = try HTTPClient.site()
    let first = try references()
    XCTAssertGreaterThan(first.count, 7)
    for path in first {
      let answer = try http.get(path)
      XCTAssertEqual(answer.status, 200, path)
      XCTAssertEqual(answer["cache-control"], "public, max-age=31536000, immutable", path)
      XCTAssertNotNil(path.firstMatch(of: /^\/dashboard\/assets\/[0-9a-f]{12}\//), path)
      try assertSafe(answer, path)
      let packed = try http.get(path, [("Accept-Encoding", "gzip")])
      XCTAssertEqual(packed["content-encoding"], "gzip", path)
      XCTAssertLessThan(packed.body.count, answer.body.count, path)
    }
    for path in ["none.js", ""] {
      XCTAssertGreaterThanOrEqual(try http.get("/dashboard/assets/" + path).status, 400, path)
    }
  }

  func testOtherHostsHaveNone() throws {
    let http = try HTTPClient.site()
    for path in try ["/dashboard/", "/dashboard/links", references()[0]] {
      let answer = try http.get(path, [("Host", "other.example")])
      XCTAssertEqual(answer.status, 404, path)
      XCTAssertEqual(answer["content-type"], "application/problem+json", path)
    }
  }

  func testItStaysWithinItsBudget() throws {
    var scripts = 0
    var styles = 0
    for file in try Layout(TestStack.value("VAR")).files where file.hasSuffix(".gz") {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file)).count
      if file.hasSuffix(".js.gz"), !file.hasSuffix("/preact.js.gz") { scripts += bytes }
      if file.hasSuffix(".css.gz") { styles += bytes }
      if file.hasSuffix("/icons.svg.gz") { XCTAssertLessThanOrEqual(bytes, 2500) }
    }
    XCTAssertLessThanOrEqual(scripts, 45_000, "own scripts, all views")
    XCTAssertLessThanOrEqual(styles, 8_000)
  }

  func testNoScriptOfOursHasMoreThan300Lines() throws {
    let page = Repository.url("nginx-config/dashboard/page")
    let files = try XCTUnwrap(FileManager.default.subpaths(atPath: page.path))
    for file in files where file.hasSuffix(".js") || file.hasSuffix(".css") {
      let text = try String(contentsOf: page.appending(path: file), encoding: .utf8)
      XCTAssertLessThanOrEqual(text.count { $0 == "\n" }, 300, file)
      XCTAssertFalse(text.contains("innerHTML"), file)
    }
    let folders = Dictionary(grouping: files.filter { $0.hasSuffix(".js") }) {
      ($0 as NSString).deletingLastPathComponent
    }
    for (folder, files) in folders { XCTAssertLessThanOrEqual(files.count, 12, folder) }
  }

  func testWithoutItsPartsAPageAndItsMakerSaySoAndHowToGetThem() throws {
    let scratch = try ScratchDirectory("page")
    // A checkout without what `supervisor/stack install` downloads.
    let checkout = try scratch.make("checkout")
    for name in ["supervisor", "nginx-config"] {
      try FileManager.default.copyItem(
        at: Repository.url(name), to: URL(fileURLWithPath: "\(checkout)/\(name)"))
    }
    for (words, parts) in [
      (["docs", scratch("laid out")], ".build-docs"),
      (["dashboard", scratch("laid out")], ".build-dashboard"),
      (["lay-out", scratch("tree"), "/usr"], ".build-docs"),
    ] {
      let (status, output) = try Command.run("\(checkout)/supervisor/stack", words)
      XCTAssertEqual(status, 1, output)
      XCTAssertTrue(output.hasPrefix("stack: \(checkout)/\(parts) is missing"), output)
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: scratch("tree")))
    let page = try String(contentsOfFile: scratch("laid out/index.html"), encoding: .utf8)
    XCTAssertTrue(page.contains("supervisor/stack install"), page)
    XCTAssertFalse(page.contains("<script"), page)
  }

  /// What the page names: its scripts, styles and icon.
  private func references() throws -> [String] {
    try HTTPClient.site().get("/dashboard/").text.matches(of: /(?:src|href)="([^"]+)"/)
      .map { String($0.1) }
  }

  private func assertSafe(_ answer: HTTPClient.Answer, _ note: String) throws {
    for (name, value) in [
      ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"),
      ("cross-origin-opener-policy", "same-origin"),
      ("cross-origin-resource-policy", "same-origin"), ("x-content-type-options", "nosniff"),
      ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
      XCTAssertEqual(answer[name], value, "\(note): \(name)")
    }
    XCTAssertNotNil(answer["content-security-policy"], note)
    XCTAssertEqual(answer.all("x-request-id").count, 1, note)
  }
}
