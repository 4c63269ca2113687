import EngineSupport
import Foundation
import Glibc
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

@testable import Titles

/// The dispatcher reads the titles of pages that new links lead to.
final class TitleDispatcherTests: XCTestCase {
  private var database: ScratchPostgres!
  private var directory: ScratchDirectory!
  private var servers: [LocalServer] = []
  private var dispatcher: ChildProcess?

  override func setUpWithError() throws {
    (database, directory) = (try ScratchPostgres(), try ScratchDirectory("titles"))
  }

  override func tearDown() {
    for server in servers { server.stop() }
    dispatcher = nil
    (database, directory, servers) = (nil, nil, [])
  }

  /// A dispatcher to which names of `.test` are this machine: its own view of /etc/hosts says so.
  private func start(_ variables: [String: String] = [:]) throws {
    let hosts = directory("hosts")
    try """
    127.0.0.1 page.test other.test
    127.0.0.2 inner.test
    """.write(toFile: hosts, atomically: true, encoding: .utf8)
    let redis = try PrivateRedis()
    addTeardownBlock { _ = redis }
    let program = TestStack.programs.appendingPathComponent("dispatcher").path
    dispatcher = try ChildProcess(
      "/usr/bin/unshare",
      ["-m", "/bin/sh", "-c", "mount --bind \(hosts) /etc/hosts && exec \(program)"],
      environment: [
        "PG_DSN": database.dsn, "PG_DISPATCHER_DSN": "", "REDIS_URL": redis.url,
        "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "debug", "STATE_DIR": directory("state"),
        "AUTO_RESOLVE_TITLES": "1", "ALLOWED_INNER_NETWORKS": "127.0.0.1",
      ].merging(variables) { _, own in own }, output: directory("log"))
  }

  /// A server and the beginning of its URLs, under a name that leads to it.
  private func serve(_ answers: [String], as name: String = "page.test") throws -> (
    server: LocalServer, url: String
  ) {
    let socket = try Socket(listeningOn: 0)
    let server = LocalServer(socket, answers: answers.map { [$0] })
    servers.append(server)
    return (server, "http://\(name):\(try socket.port())")
  }

  private func page(_ title: String) -> String {
    let body = "<title>\(title)</title>"
    return
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      + body
  }

  private func redirect(_ target: String) -> String {
    "HTTP/1.1 301 Moved\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
  }

  private func execute(_ statement: SQL) throws {
    _ = try database.admin().executeOnce(statement, "test", timeoutMilliseconds: 20_000)
  }

  private func want(_ id: Int64, _ url: String) throws {
    try execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, title_wanted)
      VALUES (\(id), \("t\(id)"), \(url), now(), true)
      """)
  }

  /// The title of a link once it is wanted no more; nil while it is.
  private func title(_ id: Int64) throws -> String?? {
    try database.admin().executeOnce(
      "SELECT title, title_wanted FROM short_urls WHERE snowflake_id = \(id)", "look",
      timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) -> String?? in
      let title = try row.optionalText()
      return try row.bool() ? nil : .some(title)
    }
  }

  private func waitForTitle(_ id: Int64) throws -> String? {
    var found: String??
    _ = try eventually(seconds: 60) {
      found = try title(id)
      return found != nil
    }
    let log = (try? String(contentsOfFile: directory("log"), encoding: .utf8)) ?? ""
    return try XCTUnwrap(found, "still wanted: \(log)")
  }

  func testATitleIsReadFromWhereALinkLeadsByWayOfRedirects() throws {
    let (_, last) = try serve([page("The &amp; page")], as: "other.test")
    let (first, url) = try serve([redirect("/next"), redirect(last + "/end")])
    try want(1, url + "/start")
    try start()
    XCTAssertEqual(try waitForTitle(1), "The & page")
    XCTAssertTrue(first.requests[0].hasPrefix("GET /start HTTP/1.1\r\n"), first.requests[0])
    XCTAssertTrue(first.requests[0].contains("\r\nUser-Agent: Swiftlet/"), first.requests[0])
    XCTAssertTrue(first.requests[1].hasPrefix("GET /next HTTP/1.1\r\n"), first.requests[1])
    dispatcher?.signal(SIGTERM)
    XCTAssertEqual(dispatcher?.wait(seconds: 60), 0)
  }

  func testNoInnerAddressIsAskedByItselfOrByWayOfARedirect() throws {
    let (inner, innerURL) = try serve([page("secret")], as: "inner.test")
    let port = try XCTUnwrap(innerURL.split(separator: ":").last)
    let (_, url) = try serve([
      redirect(innerURL), redirect("http://127.0.0.1:\(port)/"), redirect("file:///etc/passwd"),
      redirect("http://user:word@page.test:\(port)/"),
    ])
    for id in 1...4 { try want(Int64(id), url + "/\(id)") }
    try want(5, innerURL)
    try want(6, "mailto:a@example.com")
    try start()
    for id in 1...6 { XCTAssertNil(try waitForTitle(Int64(id)), "\(id)") }
    XCTAssertEqual(inner.requests, [])
  }

  func testWhereNoInnerNetworkIsNamedNoneIsAsked() throws {
    let (server, url) = try serve([page("secret")])
    try want(1, url)
    try start(["ALLOWED_INNER_NETWORKS": ""])
    XCTAssertNil(try waitForTitle(1))
    XCTAssertEqual(server.requests, [])
  }

  func testAnEndlessChainOfRedirectsAndABrokenPageHaveNoTitle() throws {
    let (loop, url) = try serve([String](repeating: redirect("/again"), count: 20))
    let (_, broken) = try serve(["HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>no end"])
    try want(1, url)
    try want(2, broken)
    try want(3, "http://page.test:1/")
    try start()
    for id in 1...3 { XCTAssertNil(try waitForTitle(Int64(id)), "\(id)") }
    XCTAssertEqual(loop.requests.count, 6)
  }

  func testATitleThatSomebodySetOrClearedMeanwhileStays() throws {
    let table = TitleTable(try database.session(), timeoutMilliseconds: 20_000)
    for id in 1...4 { try want(Int64(id), "http://page.test/\(id)") }
    let wanted = try table.wanted(atMost: 10)
    XCTAssertEqual(wanted.map(\.id), [4, 3, 2, 1])
    XCTAssertEqual(try table.wanted(atMost: 3).map(\.id), [4, 3, 1], "the newest and the oldest")
    XCTAssertEqual(try table.count(), 4)
    try execute("UPDATE short_urls SET title = 'mine', title_wanted = false WHERE snowflake_id = 1")
    try execute("UPDATE short_urls SET title = NULL, title_wanted = false WHERE snowflake_id = 2")
    try execute("UPDATE short_urls SET original_url = 'http://page.test/' WHERE snowflake_id = 3")
    try table.note(wanted.map { (link: $0, title: "read \($0.id)") })
    XCTAssertEqual(try title(1), "mine")
    XCTAssertEqual(try title(2), .some(nil))
    XCTAssertNil(try title(3) ?? nil, "it leads elsewhere by now")
    XCTAssertEqual(try table.wanted(atMost: 10).map(\.id), [3])
    XCTAssertEqual(try title(4), "read 4")
  }
}
