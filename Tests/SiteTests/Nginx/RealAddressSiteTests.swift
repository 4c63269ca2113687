import Foundation
import TestSupport
import XCTest

/// Where a request comes from, as a load balancer tells it and as nobody else can.
final class RealAddressSiteTests: XCTestCase {
  /// What the request log has for the client of an answer.
  private func client(of answer: HTTPClient.Answer, _ site: LimitedSite) throws -> String {
    try JSONAnswer(site.logLine(of: XCTUnwrap(answer["x-request-id"])))["client"].text
  }

  func testTheBalancersHeaderIsBelievedAndNobodyElses() throws {
    let site = try LimitedSite(["REAL_IP_FROM": "127.0.0.2, 10.0.0.0/8 2001:db8::/32"])
    let code = try Site().shorten("https://example.com/balanced")
    var balancer = site.http
    balancer.source = 2
    for (told, believed) in [
      ("203.0.113.7", "203.0.113.7"), ("192.0.2.1, 203.0.113.7", "203.0.113.7"),
      ("203.0.113.7, 10.1.2.3", "203.0.113.7"), ("2001:db9::7, 2001:db8::1", "2001:db9::7"),
      ("nonsense", "127.0.0.2"),
    ] {
      let answer = try balancer.get("/\(code)", [("X-Forwarded-For", told)])
      XCTAssertEqual(answer.status, 301)
      XCTAssertEqual(try client(of: answer, site), believed, told)
    }
    let forged = try site.http.get("/\(code)", [("X-Forwarded-For", "203.0.113.7")])
    XCTAssertEqual(try client(of: forged, site), "127.0.0.1")
    // Clicks have the same addresses.
    _ = try Site().stats(code, clicks: 6)
    let stored = try ClickHouseClient.query(
      "SELECT ip_address FROM visits WHERE code = '\(code)' ORDER BY ip_address")
    XCTAssertEqual(
      stored.split(separator: "\n").sorted(),
      ["127.0.0.1", "127.0.0.2", "2001:db9::7", "203.0.113.7", "203.0.113.7", "203.0.113.7"])
  }

  func testAnotherHeaderMayBeNamed() throws {
    let site = try LimitedSite(["REAL_IP_FROM": "127.0.0.1", "REAL_IP_HEADER": "X-Real-IP"])
    let fields = [("X-Forwarded-For", "203.0.113.7"), ("X-Real-IP", "203.0.113.8")]
    XCTAssertEqual(try client(of: site.http.get("/x", fields), site), "203.0.113.8")
  }

  func testTheProxyProtocolIsReadAndItsAddressBelievedOfTheBalancerAlone() throws {
    let site = try LimitedSite(["REAL_IP_FROM": "127.0.0.2", "REAL_IP_HEADER": "proxy_protocol"])
    let request =
      "PROXY TCP4 203.0.113.9 127.0.0.1 5000 80\r\n"
      + "GET /x HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n"
    var balancer = site.http
    balancer.source = 2
    XCTAssertEqual(try client(of: balancer.exchange(Array(request.utf8)), site), "203.0.113.9")
    XCTAssertEqual(try client(of: site.http.exchange(Array(request.utf8)), site), "127.0.0.1")
  }
}
