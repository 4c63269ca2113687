import Foundation
import TestSupport
import XCTest

/// The site with a certificate, as the settings make it.
final class TLSSiteTests: XCTestCase {
  func testALinkIsFollowedByHTTPSOnEachOfItsHosts() throws {
    let code = try Site().shorten("https://example.com/secure")
    let site = try SecureSite()
    for host in SecureSite.hosts {
      let answer = try site.text("/\(code)", host: host)
      XCTAssertTrue(answer.hasPrefix("HTTP/2 301 "), answer)
      XCTAssertTrue(answer.contains("\r\nlocation: https://example.com/secure\r\n"), answer)
    }
    for (version, isSpoken) in [("1.1", false), ("1.2", true), ("1.3", true)] {
      let options = ["--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0", "--tlsv1.0"]
      XCTAssertEqual((try? site.text("/\(code)", options)) != nil, isSpoken, version)
    }
  }

  func testHTTPLeadsToHTTPSWhateverTheMethodAndTheHost() throws {
    let site = try SecureSite(["HSTS_MAX_AGE": "60"])
    let targets = [
      "/", "/code?a=%20b&c", "/rest/v3/short-urls", "/metrics", "/a%2Fb", "/dashboard/",
    ]
    for target in targets {
      for method in ["GET", "HEAD", "POST", "DELETE"] {
        for host in SecureSite.hosts {
          let answer = try site.http.request(method, target, [("Host", host)])
          XCTAssertEqual(answer.status, 308, "\(method) \(target)")
          XCTAssertEqual(answer["location"], "https://\(host):\(site.port)\(target)")
          XCTAssertNil(answer["strict-transport-security"])
          XCTAssertEqual(answer.all("x-request-id").count, 1)
          XCTAssertEqual(answer["server"], "nginx")
        }
      }
    }
    assertProblem(try site.http.request("GET", "/\(String(repeating: "a", count: 40_000))"), 414)
    // Who asks for a port that isn't told to others.
    let usual = try SecureSite(["BASE_URL": "https://localhost"])
    XCTAssertEqual(try usual.http.get("/x")["location"], "https://localhost/x")
  }

  func testAnIssuerOfCertificatesFindsItsFileByHTTPWithACertificateAndBeforeThereIsOne() throws {
    let directory = try ScratchDirectory("acme")
    let path = try directory.make(".well-known/acme-challenge")
    try "token.thumb".write(toFile: path + "/token", atomically: true, encoding: .utf8)
    // nginx's workers may be another user's.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
    let variables = ["ACME_DIRECTORY": directory.path]
    let secure = try SecureSite(variables)
    let plain = try LimitedSite(variables)
    for http in [secure.http, plain.http] {
      let answer = try http.get("/.well-known/acme-challenge/token")
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer.text, "token.thumb")
      XCTAssertEqual(answer["content-type"], "text/plain")
      assertProblem(try http.get("/.well-known/acme-challenge/other"), 404)
    }
    let missing = try plain.http.get("/.well-known/acme-challenge/none")
    let line = try JSONAnswer(plain.logLine(of: XCTUnwrap(missing["x-request-id"])))
    XCTAssertEqual(try line["upstream"].text, "", "no visit")
  }

  func testBrowsersAreToldToKeepToHTTPSOnlyWhereTheSettingSaysSo() throws {
    let code = try Site().shorten("https://example.com/strict")
    let paths = [
      "/\(code)", "/no-such-link", "/health", "/stats/\(code)", "/docs", "/rest", "/shorten",
    ]
    let strict = try SecureSite(["HSTS_MAX_AGE": "63072000"])
    let other = try SecureSite()
    for path in paths {
      XCTAssertEqual(
        try strict.get(path).all("strict-transport-security"), ["max-age=63072000"], path)
      XCTAssertEqual(try other.get(path).all("strict-transport-security"), [], path)
    }
  }

  /// By a pool that has the site's BASE_URL.
  func testASessionsCookieIsOfThisHostAndSecure() throws {
    let tenant = try KeyTenant()
    let pools = try ScratchDirectory("pools")
    let site = try SecureSite(["SWIFTLET_RUN": pools.path])
    let origin = "https://localhost:\(site.port)"
    let names = ["PG_DSN", "PG_API_DSN", "REDIS_URL"]
    let pool = try WorkerPool(
      "api",
      Dictionary(uniqueKeysWithValues: names.map { ($0, try TestStack.value($0)) })
        .merging(["BASE_URL": origin]) { _, own in own })
    let worker = try pool.start()
    try FileManager.default.createSymbolicLink(
      atPath: pools("shortener-api.sock"), withDestinationPath: pool.socket)
    let path = "/rest/v3/session"
    let signedIn = try site.send(
      "POST", path, ["X-Api-Key: \(tenant.key("root"))", "Origin: \(origin)"], body: "{}")
    XCTAssertEqual(signedIn.status, 201, signedIn.text)
    let cookie = try XCTUnwrap(signedIn["set-cookie"])
    XCTAssertTrue(cookie.hasPrefix("__Host-swiftlet="), cookie)
    XCTAssertTrue(cookie.contains("; Secure"), cookie)
    let sent = "Cookie: \(cookie.prefix { $0 != ";" })"
    XCTAssertEqual(try site.send("GET", path, [sent]).status, 200)
    XCTAssertEqual(try site.send("GET", path, [sent, "Origin: https://localhost"]).status, 401)
    withExtendedLifetime(worker) {}
  }

  func testPlainHTTPSentToTheTLSPortIsToldSoInProblemDetails() throws {
    let site = try SecureSite()
    let answer = try HTTPClient(port: site.port).get("/health")
    assertProblem(answer, 400)
    XCTAssertTrue(answer.text.contains("TLS"), answer.text)
  }
}
