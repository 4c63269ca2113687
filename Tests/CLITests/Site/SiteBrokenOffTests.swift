import Foundation
import TestSupport
import XCTest

/// An installation of the site that is killed, or comes to nothing after nginx has found the site good.
final class SiteBrokenOffTests: SiteInstallTestCase {
  /// Is killed when it lets nginx look at the site.
  private func installKilled() throws {
    _ = try directory.make("bin")
    try write("bin/nginx", "#!/bin/sh\nkill -KILL $PPID\n")
    XCTAssertEqual(chmod(directory("bin/nginx"), 0o755), 0)
    let run = try install(["LIMIT_REST": "7", "PATH": directory("bin")])
    XCTAssertNotEqual(run.status, 0)
    XCTAssertEqual(run.output, "")
  }

  private func assertRefused() throws {
    try write("swiftlet-local/server-wrong.conf", "nonsense on;\n")
    let (status, output) = try install(["LIMIT_REST": "7"])
    XCTAssertEqual(status, 78, output)
    try FileManager.default.removeItem(atPath: directory("swiftlet-local/server-wrong.conf"))
  }

  func testTheSiteThatNginxHasTakenIsThereAfterItWasKilled() throws {
    try assertInstalled("in place")
    let site = try text(Self.site)
    try installKilled()
    XCTAssertEqual(try text(Self.site), site)
    try assertRefused()
    XCTAssertEqual(try text("sites-enabled/swiftlet.conf"), site)
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf"])

    try installKilled()
    try assertInstalled("the one before: ", with: ["LIMIT_REST": "7"])
    XCTAssertEqual(try text(Self.former), site)
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf", "swiftlet.conf.before"])
  }

  func testNothingIsThereWhereTheFirstOneWasKilled() throws {
    try installKilled()
    XCTAssertEqual(try names("sites-available"), ["swiftlet.conf.draft"])
    try assertRefused()
    XCTAssertEqual(try names("sites-available"), [])
    XCTAssertEqual(try names("sites-enabled"), [])
  }

  /// nginx's test doesn't tell that another program has the port.
  func testASiteThatNginxDoesNotTakeIsToldAndTheNextOneLetsItTakeIt() throws {
    try assertInstalled("in place")
    let nginx = try start()
    let other = try Socket.freePort()
    let there = ["SITE_LISTEN": "127.0.0.1:\(other)"]
    var busy: Socket? = try Socket(listeningOn: other)
    let (status, output) = try install(there)
    XCTAssertEqual(status, 1, output)
    XCTAssertTrue(output.hasPrefix("swiftlet: the site is in place, but nginx goes on "), output)
    XCTAssertTrue(isServing())
    XCTAssertNotNil(busy)
    busy = nil
    try assertInstalled("up to date", with: there)
    XCTAssertTrue(isServing(at: other))
    nginx.signal(SIGTERM)
    _ = nginx.wait(seconds: 10)
  }

  func testItsDirectoriesAreForNginxWhateverRootsMaskIs() throws {
    try FileManager.default.removeItem(atPath: directory("swiftlet-local"))
    let (status, output) = try install(mask: "077")
    XCTAssertEqual(status, 0, output)
    for name in ["acme", "swiftlet-local"] { XCTAssertEqual(try mode(name), 0o755, name) }
    XCTAssertEqual(try mode(Self.site), 0o644)
  }

  func testWhatIsMissingIsALine() throws {
    for (start, name, value) in [
      ("can't make the directory /nonexistent/acme", "ACME_DIRECTORY", "/nonexistent/acme"),
      ("SITE_FOLDER: \"/nonexistent\" ", "SITE_FOLDER", "/nonexistent"),
    ] {
      let (status, output) = try install([name: value])
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.hasPrefix("swiftlet: " + start), output)
      XCTAssertEqual(output.split(separator: "\n").count, 1, output)
    }
    XCTAssertEqual(try names("sites-available"), [])
  }

  /// As nginx's own packages come.
  func testAnNginxThatDoesNotReadTheEnabledSitesIsTold() throws {
    try write("nginx.conf", "events { }\nhttp { }\n")
    let (status, output) = try install()
    XCTAssertEqual(status, 78)
    XCTAssertTrue(output.contains("nginx.conf doesn't include "), output)
    XCTAssertEqual(try names("sites-enabled"), [])
  }

  func testASecondOneAtTheSameTimeIsRefused() throws {
    let descriptor = open(directory("nginx.conf"), O_RDONLY)
    defer { close(descriptor) }
    XCTAssertEqual(flock(descriptor, LOCK_EX), 0)
    let (status, output) = try install()
    XCTAssertEqual(status, 78)
    XCTAssertEqual(output, "swiftlet: another swiftlet site --install is under way\n")
  }
}
