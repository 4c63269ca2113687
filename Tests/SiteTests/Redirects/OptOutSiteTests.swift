import TestSupport
import XCTest

/// Visits whose browser, URL or address says that they be counted otherwise, or not at all.
final class OptOutSiteTests: XCTestCase {
  private static let person = (
    "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
  )

  func testAnAnonymousVisitCountsOnceAndIsNoVisitor() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/anonymous")
    let referrer = ("Referer", "https://a.example/page")
    for fields in [[("Sec-GPC", "1")], [("Sec-GPC", "0")], [("DNT", "1")]] {
      let answer = try site.http.get("/\(code)", fields + [Self.person, referrer])
      XCTAssertEqual(answer["cache-control"], "private, max-age=90", "\(fields)")
    }
    let robot = [("Sec-GPC", "1"), ("User-Agent", "Googlebot/2.1"), referrer]
    XCTAssertEqual(try site.http.get("/\(code)", robot).status, 301)
    let stats = try site.stats(code, clicks: 4, referred: 2)
    XCTAssertEqual(try stats["total_clicks"].number, 4)
    XCTAssertEqual(try stats["human_clicks"].number, 3)
    XCTAssertEqual(try stats["direct_clicks"].number, 2)
    XCTAssertEqual(try stats["unique_visitors"].number, 1)
  }

  func testEachPolicyDecidesWhatIsWrittenAndTheLogSaysSo() throws {
    let site = try Site()
    let own = try LimitedSite([
      "PREFETCH_POLICY": "count", "GPC_POLICY": "ignore", "DNT_POLICY": "anonymous",
      "DISABLE_TRACK_PARAM": "no.Stat",
    ])
    let code = try site.shorten("https://example.com/policy")
    let cases: [(suffix: String, fields: [(String, String)], visit: String)] = [
      ("", [], ""), ("", [("DNT", "1")], "2"), ("", [("DNT", "0")], ""),
      ("", [("Sec-GPC", "1")], "0"), ("", [("Sec-GPC", "1"), ("DNT", "1")], "0"),
      ("", [("Purpose", "prefetch")], "1"), ("", [("Purpose", "prefetch"), ("DNT", "1")], "3"),
      ("?qr=1", [("DNT", "1")], "6"), ("?qr=1", [("Sec-GPC", "1")], "0"), ("?qr=1", [], "4"),
      ("?no.Stat", [], "0"), ("?a=b&no.Stat=", [], "0"), ("?%6eo%2E%53tat=1&c", [], "0"),
      ("?no.stat", [], ""), ("?noxStat", [], ""), ("?xno.Stat", [], ""), ("?a=no.Stat", [], ""),
      ("?no.Stats", [], ""), ("?a?no.Stat", [], ""), ("?&&no.Stat&", [("DNT", "1")], "0"),
    ]
    for (suffix, fields, visit) in cases {
      let answer = try own.http.get("/\(code)\(suffix)", fields)
      XCTAssertEqual(answer.status, 301, suffix)
      let isPrefetch = fields.contains { $0.0 == "Purpose" }
      XCTAssertEqual(
        answer["cache-control"], isPrefetch ? "no-store" : "private, max-age=90", suffix)
      let line = try own.logLine(of: XCTUnwrap(answer["x-request-id"]))
      XCTAssertTrue(line.contains(#","visit":"\#(visit)","#), "\(suffix) \(fields): \(line)")
    }
    let counted = cases.filter { $0.visit != "0" }.count
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: counted)["total_clicks"].number, counted)
  }

  func testAnAddressIsNotCountedHoweverItIsNamed() throws {
    let own = try LimitedSite(
      [
        "DISABLE_TRACKING_FROM":
          "203.0.113.9, 198.18.0.0/15, 192.0.*.7, 2001:db8:*::1, 2001:db8:aa00::/39, 10.10.0.0/16"
      ], believesForwarded: true)
    let site = try Site()
    let code = try site.shorten("https://example.com/from")
    let addresses = [
      ("203.0.113.9", true), ("203.0.113.8", false), ("198.19.255.255", true),
      ("198.20.0.0", false), ("192.0.10.7", true), ("192.0.10.8", false), ("193.0.10.7", false),
      ("2001:db8:5::1", true), ("2001:db8:5::2", false), ("2001:db8:aaff::9", true),
      ("2001:db8:abff::9", true), ("2001:db8:ac00::9", false), ("::ffff:203.0.113.9", true),
      ("::203.0.113.9", false), ("10.10.10.10", true), ("10.13.10.10", false),
    ]
    for (address, isIgnored) in addresses {
      let answer = try own.http.get("/\(code)", [("X-Forwarded-For", address)])
      XCTAssertEqual(answer.status, 301, address)
      let line = try own.logLine(of: XCTUnwrap(answer["x-request-id"]))
      XCTAssertTrue(line.contains(#","visit":"\#(isIgnored ? "0" : "")","#), "\(address): \(line)")
    }
    let counted = addresses.filter { !$0.1 }.count
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: counted)["total_clicks"].number, counted)
  }
}
