import Foundation
import TestSupport
import XCTest

/// What `swiftlet doctor` says of the way to a site: TLS, redirects, limits.
final class DoctorSiteTests: DoctorSiteTestCase {
  func testItGoesThroughTLSAndTellsOfTheCertificate() throws {
    let site = try Site()
    _ = try site.shorten("https://example.com/doctored")
    let front = try TLSFront(before: site, days: 90)
    let place = ["BASE_URL": "https://localhost:\(front.port)"]
    let trusting = place.merging(["SSL_CERT_FILE": front.certificate]) { own, _ in own }
    let well = try doctor(trusting)
    XCTAssertEqual(well.status, 0, well.output)
    assertHas(
      well.output, "ok       certificate: valid until 20", " days", "ok       nginx: /health",
      "ok       redirects: /", "ok       creation: /shorten answers 4",
      "ok       statistics: /stats/")

    let stranger = try doctor(place)
    XCTAssertEqual(stranger.status, 1)
    assertHas(
      stranger.output, "FAILED   certificate: SSL certificate problem: self-signed certificate",
      "ok       redirects: /", "ok       statistics: /stats/")
    let address = ["BASE_URL": "https://127.0.0.1:\(front.port)"]
    let foreign = try doctor(trusting.merging(address) { _, new in new })
    XCTAssertEqual(foreign.status, 1)
    assertHas(foreign.output, "FAILED   certificate: ", "certificate subject name")
  }

  func testACertificateThatEndsSoonIsAWarningAndOneThatHasEndedAFailure() throws {
    let site = try Site()
    let short = try TLSFront(before: site, days: 5)
    let soon = try doctor([
      "BASE_URL": "https://localhost:\(short.port)", "SSL_CERT_FILE": short.certificate,
    ])
    XCTAssertEqual(soon.status, 0, soon.output)
    assertHas(soon.output, "warning  certificate: valid until 20", " days")
    let old = try TLSFront(before: site, days: -1)
    let ended = try doctor([
      "BASE_URL": "https://localhost:\(old.port)", "SSL_CERT_FILE": old.certificate,
    ])
    XCTAssertEqual(ended.status, 1)
    assertHas(ended.output, "FAILED   certificate: ", "certificate has expired")
  }

  func testASiteThatSendsClientsOnToHTTPSIsFollowedThere() throws {
    let front = try TLSFront(before: Site(), days: 90)
    let (status, output) = try doctor([
      "BASE_URL": "http://localhost:\(front.plainPort)", "SSL_CERT_FILE": front.certificate,
    ])
    XCTAssertEqual(status, 0, output)
    assertHas(
      output, "warning  redirect to https: ",
      "-> set BASE_URL to https://localhost:\(front.port); then swiftlet restart and swiftlet site --install",
      "ok       certificate: ", "ok       redirects: /")
    let foreign = try doctor(["BASE_URL": "http://127.0.0.1:\(front.plainPort)"])
    XCTAssertEqual(foreign.status, 1)
    assertHas(
      foreign.output,
      "FAILED   nginx: /health answers 308, and leads to https://localhost:\(front.port)/health",
      "doesn't lead here to Swiftlet: swiftlet site --install")
    XCTAssertFalse(foreign.output.contains("redirect to https"), foreign.output)
  }

  func testWhatTheLimitsOfAnAddressRefuseIsNoFault() throws {
    let code = try Site().shorten("https://example.com/too-often")
    let limited = try LimitedSite([
      "LIMIT_HEALTH": "1", "LIMIT_CREATIONS": "1", "LIMIT_STATS": "1",
    ])
    let place = "http://127.0.0.1:\(limited.http.port)"
    XCTAssertTrue(
      try eventually(seconds: 60) { try limited.http.post("/shorten", json: "{}").status == 429 })
    XCTAssertTrue(
      try eventually(seconds: 60) { try limited.http.get("/stats/\(code)").status == 429 })
    let asking = try ChildProcess(
      "/bin/sh", ["-c", "while curl -s -o /dev/null \(place)/health; do :; done"])
    XCTAssertTrue(try eventually(seconds: 60) { try limited.http.get("/health").status == 429 })
    let (status, output) = try doctor(["BASE_URL": place])
    withExtendedLifetime(asking) {}
    XCTAssertEqual(status, 0, output)
    for line in ["nginx: /health", "creation: /shorten", "statistics: /stats/"] {
      assertHas(output, "warning  \(line)")
    }
    assertHas(
      output, "this address has asked too often", "-> ask again in a minute",
      "ok       redirects: /")
  }

  func testASiteThatWantsTheProxyProtocolSaysSo() throws {
    let proxied = ["REAL_IP_FROM": "127.0.0.2", "REAL_IP_HEADER": "proxy_protocol"]
    let limited = try LimitedSite(proxied)
    let place = ["BASE_URL": "http://127.0.0.1:\(limited.http.port)"]
    let (status, output) = try doctor(place.merging(proxied) { $1 })
    XCTAssertEqual(status, 1)
    assertHas(
      output, "FAILED   nginx: no answer to /health",
      "-> let the load balancer speak the PROXY protocol")
    let corrected = try LimitedSite([:])
    XCTAssertEqual(try doctor(["BASE_URL": "http://127.0.0.1:\(corrected.http.port)"]).status, 0)
  }

  func testAHostThatDNSDoesNotKnowIsTold() throws {
    let (status, output) = try doctor(["BASE_URL": "http://nowhere.invalid"])
    XCTAssertEqual(status, 1)
    assertHas(
      output, "FAILED   nginx: nowhere.invalid:80: Could not resolve host",
      "-> correct the host in BASE_URL, or its address in DNS")
  }
}
