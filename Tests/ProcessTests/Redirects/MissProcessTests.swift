import EngineSupport
import Postgres
import TestSupport
import XCTest

/// Visitors without a link: where their domain sends them.
final class MissProcessTests: XCTestCase {
  private func pool(
    _ redis: PrivateRedis, role: String = "redirects", _ variables: [String: String] = [:]
  ) throws -> WorkerPool {
    let defaults = [
      "SHORTENER_ROLE": role, "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
      "PG_READ_TIMEOUT_MS": "10000", "HOT_CACHE_MS": "60000", "BASE_URL": "http://base.example:81",
    ]
    return try WorkerPool("shortener", defaults.merging(variables) { _, own in own })
  }

  /// The status, and where an answer leads to.
  private func answer(
    _ pool: WorkerPool, _ target: String, _ parameters: [(String, String)] = []
  ) throws -> String {
    let lines = try pool.ask(target, parameters).components(separatedBy: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first ?? ""
    let place = lines.first { $0.hasPrefix("Location: ") }?.dropFirst("Location: ".count)
    let isKept = !lines.contains("Cache-Control: no-store")
    return status + (place.map { " " + $0 } ?? "") + (isKept ? " kept" : "")
  }

  private let list = #"""
    [["",0,"https://e.org/base",null,"https://e.org/none?{DOMAIN}"],
    ["sho.rt",16,null,"https://e.org/{DOMAIN}{ORIGINAL_PATH}","https://e.org/{ORIGINAL_PATH}"]]
    """#

  func testEachDomainSendsItsVisitorsWithoutALinkWhereItSays() throws {
    let redis = try PrivateRedis()
    let pool = try pool(redis)
    let worker = try pool.start()
    for (name, record) in [
      ("short_url::domains", list), ("short_url:none", ""), ("short_url@sho.rt:none", ""),
      ("short_url:gone", "!"), ("short_url@sho.rt:gone", "!"),
      ("short_url:late", "\u{1}{\"i\":\"7\",\"u\":\"https://e.org/\",\"s\":99999999999999}"),
      ("short_url:over", "\u{1}{\"i\":\"7\",\"u\":\"https://e.org/\",\"e\":1}"),
    ] { try redis.command("SET", name, record) }
    let own = [("DOMAIN", "sho.rt")]
    let base = "https://e.org/none?base.example%3A81"
    for (target, parameters, expected) in [
      ("/", [], "302 https://e.org/base"), ("//?x", [], "302 https://e.org/base"),
      ("/", own, "404"), ("/a/b", own, "302 https://e.org/sho.rt/a/b"),
      ("/a/b", [], "404"), ("/a/b", [("DOMAIN", "else.example")], "404"),
      // nginx redirects in place of these, after its limit for unknown codes.
      ("/none", [], "404 " + base), ("/late", [], "404 " + base),
      ("/none", own, "404 https://e.org/none"),
      ("/gone", [], "302 " + base), ("/over", [], "302 " + base),
      ("/gone", own, "302 https://e.org/gone"),
    ] {
      XCTAssertEqual(try answer(pool, target, parameters), expected, "\(target) \(parameters)")
    }
    let head = WorkerPool.parameters("/a/b", method: "HEAD", own)
    XCTAssertTrue(
      try FastCGIClient.request(socket: pool.socket, parameters: head).hasPrefix("Status: 302 "))
    let post = WorkerPool.parameters("/a/b", method: "POST", own)
    XCTAssertTrue(
      try FastCGIClient.request(socket: pool.socket, parameters: post).hasPrefix("Status: 404 "))
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testAWorkerThatDoesNotKnowTheDomainsAsksTheOneThatDoes() throws {
    let (redis, database) = (try PrivateRedis(), try ScratchPostgres())
    try database.admin().executeScript(
      unsafe: "UPDATE domains SET base_url_redirect = 'https://e.org/base' WHERE number = 0",
      "set a redirect", timeoutMilliseconds: 60_000)
    let redirects = try pool(redis)
    let lookups = try pool(redis, role: "lookups", ["PG_DSN": database.dsn])
    let workers = try [redirects.start(), lookups.start()]
    let handOn = [("LAST_RESORT", "0")]
    XCTAssertTrue(try answer(redirects, "/").hasPrefix("530"))
    XCTAssertEqual(try answer(lookups, "/", handOn), "302 https://e.org/base")
    XCTAssertTrue(
      try eventually(seconds: 30) { try answer(redirects, "/") == "302 https://e.org/base" })
    for worker in workers { XCTAssertNil(worker.wait(seconds: 0)) }
  }

  func testWithoutAnyStoreNobodyIsSentAnywhere() throws {
    let pool = try WorkerPool("shortener", ["SHORTENER_ROLE": "lookups"])
    let worker = try pool.start()
    XCTAssertEqual(try answer(pool, "/", [("LAST_RESORT", "0")]), "404")
    XCTAssertEqual(try answer(pool, "/a/b", [("LAST_RESORT", "0")]), "404")
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
