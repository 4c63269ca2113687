import Foundation
import TestSupport
import XCTest

/// `swiftlet site --install` in a directory of nginx's own, with a real nginx.
final class SiteInstallTests: SiteInstallTestCase {
  func testItIsPutInPlaceThenChangedThenLeftAlone() throws {
    try assertInstalled("nginx isn't running")
    XCTAssertEqual(
      try FileManager.default.destinationOfSymbolicLink(
        atPath: directory("sites-enabled/swiftlet.conf")), directory(Self.site))
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf"])
    XCTAssertTrue(FileManager.default.fileExists(atPath: directory("acme")))
    let first = try text(Self.site)
    let nginx = try start()
    let workers = ProcessTree.children(of: nginx.pid)

    try assertInstalled("nginx has taken it", with: ["LIMIT_REST": "7"])
    XCTAssertEqual(try text(Self.former), first)
    XCTAssertTrue(try text(Self.site).contains("rate=7r/s"))
    XCTAssertEqual(try names("sites-enabled"), ["swiftlet.conf"])
    XCTAssertTrue(
      eventually(seconds: 60) {
        let now = ProcessTree.children(of: nginx.pid)
        return !now.isEmpty && Set(now).isDisjoint(with: workers)
      })
    XCTAssertTrue(isServing())

    let (status, output) = try install(["LIMIT_REST": "7"])
    XCTAssertEqual(status, 0)
    XCTAssertEqual(
      output, "nginx's site is up to date: \(directory(Self.site))\nnginx has taken it\n")
    XCTAssertEqual(try text(Self.former), first)
    nginx.signal(SIGTERM)
    _ = nginx.wait(seconds: 10)
  }

  /// As after a settings file that was lost, or replaced by the one of a new release.
  func testWithoutBASE_URLTheSiteThatServesStays() throws {
    try assertInstalled("in place", with: ["BASE_URL": "http://s.example"])
    let site = try text(Self.site)
    let (status, output) = try install(without: "BASE_URL")
    XCTAssertEqual(status, 78, output)
    XCTAssertEqual(
      output,
      "swiftlet: BASE_URL: \"\" is not valid; it should be what short URLs begin with, "
        + "such as https://sho.rt\n")
    XCTAssertEqual(try text(Self.site), site)
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf"])
  }

  func testWhatNginxRefusesLeavesTheSiteThatServes() throws {
    try assertInstalled("in place")
    let site = try text(Self.site)
    let nginx = try start()
    let one = try OwnCertificate("one", in: directory, hosts: ["localhost"])
    let other = try OwnCertificate("other", in: directory, hosts: ["localhost"])
    let tls = [
      "BASE_URL": "https://localhost", "TLS_LISTEN": "127.0.0.1:\(try Socket.freePort())",
      "TLS_CERTIFICATE": one.certificate,
    ]
    for (cause, others) in [
      ("key values mismatch", tls.merging(["TLS_KEY": other.key]) { _, key in key }),
      (directory("none"), tls.merging(["TLS_KEY": directory("none")]) { _, key in key }),
      ("invalid", ["SITE_LISTEN": "127.0.0.1:80000"]),
    ] {
      let (status, output) = try install(others)
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.hasPrefix("swiftlet: nginx refuses the site"), output)
      XCTAssertTrue(output.contains(cause), output)
    }
    try write("swiftlet-local/server-wrong.conf", "nonsense on;\n")
    let (status, output) = try install(["LIMIT_REST": "7"])
    XCTAssertEqual(status, 78, output)
    XCTAssertTrue(output.contains("server-wrong.conf:1"), output)

    XCTAssertEqual(try text(Self.site), site)
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf"])
    XCTAssertEqual(try names("sites-enabled"), ["swiftlet.conf"])
    try FileManager.default.removeItem(atPath: directory("swiftlet-local/server-wrong.conf"))
    nginx.signal(SIGHUP)
    try assertInstalled("up to date")
    XCTAssertTrue(isServing())
    nginx.signal(SIGTERM)
    _ = nginx.wait(seconds: 10)
  }

  func testTheFirstOneThatIsRefusedLeavesNothing() throws {
    try write("swiftlet-local/server-wrong.conf", "nonsense on;\n")
    XCTAssertEqual(try install().status, 78)
    XCTAssertEqual(try names("sites-available"), [])
    XCTAssertEqual(try names("sites-enabled"), [])
    try FileManager.default.removeItem(atPath: directory("sites-available"))
    let (status, output) = try install()
    XCTAssertEqual(status, 78)
    XCTAssertTrue(output.contains("sites-available"), output)
  }

  func testAnotherSiteOfItsNameIsTold() throws {
    try write(
      "sites-enabled/a.conf", "server { listen 127.0.0.1:\(port); server_name localhost; }\n")
    let (status, output) = try install()
    XCTAssertEqual(status, 0, output)
    XCTAssertTrue(output.contains("conflicting server name \"localhost\""), output)
    XCTAssertTrue(output.contains("Of two sites with one name nginx asks only the first"), output)
  }

  /// As earlier releases were installed.
  func testAFileAmongTheEnabledSitesIsKeptAndALinkTakesItsPlace() throws {
    try write("sites-enabled/swiftlet.conf", "# by hand\n")
    try assertInstalled("the one before: \(directory(Self.former))")
    XCTAssertEqual(try text(Self.former), "# by hand\n")
    XCTAssertEqual(try names("sites-enabled"), ["swiftlet.conf"])
    XCTAssertEqual(try text("sites-enabled/swiftlet.conf"), try text(Self.site))
  }

  func testOnlyASiteWithThePasswordOfRedisIsHiddenFromOthers() throws {
    try main(modules: NginxLua.modules)
    let fast = ["FAST_PATH": "1", "REDIS_URL": "redis://:secret@127.0.0.1:1/0"]
    try assertInstalled("in place", with: fast)
    XCTAssertEqual(try mode(Self.site), 0o640)
    try assertInstalled("in place")
    XCTAssertEqual(try mode(Self.site), 0o644)
    XCTAssertEqual(try mode(Self.former), 0o640)
  }

  /// nginx takes that directive once only, and warns where it is too small.
  func testTheSizeOfNginxsHashOfVariablesIsSetOnce() throws {
    let line = "variables_hash_max_size"
    try assertInstalled("in place")
    XCTAssertTrue(try text(Self.site).contains("\n\(line) "))
    try main(http: "\(line) 4096;")
    try assertInstalled("in place", with: ["LIMIT_REST": "7"])
    XCTAssertFalse(try text(Self.site).contains("\n\(line) "))
    try assertInstalled("up to date", with: ["LIMIT_REST": "7"])
  }
}
