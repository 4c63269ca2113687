import Foundation
import TestSupport
import XCTest

/// The settings in a backup: all files, and a word about what isn't there.
final class SettingsCopyTests: XCTestCase {
  private func put(_ text: String, _ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func testDirectoriesAreCopiedAndWhatIsNotIsTold() throws {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.check("migrate")
    try put("# site", scratch("nginx/sites-available/swiftlet.conf"))
    try put("# local", scratch("nginx/swiftlet-local/a.conf"))
    try put("# tls", scratch("nginx/swiftlet-local/tls/b.conf"))
    let local = scratch("nginx/swiftlet-local")
    for (name, target) in [("gone", "nowhere"), ("again", "tls"), ("c.conf", "a.conf")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(local)/\(name)", withDestinationPath: target)
    }
    try Command.check("/usr/bin/mkfifo", ["\(local)/pipe"])
    XCTAssertEqual(geteuid(), 0, "only root can lay a directory over /etc/nginx")
    let said = try Command.check(
      "/usr/bin/unshare",
      [
        "--mount", "/bin/sh", "-c", #"mount --bind "$1" /etc/nginx && shift && exec "$@""#, "sh",
        scratch("nginx"), TestStack.programs.appendingPathComponent("swiftlet").path, "backup",
        scratch("b"),
      ], environment: own.environment)
    for (name, text) in [
      "sites-available/swiftlet.conf": "# site", "swiftlet-local/a.conf": "# local",
      "swiftlet-local/tls/b.conf": "# tls", "swiftlet-local/c.conf": "# local",
    ] {
      XCTAssertEqual(
        try String(contentsOfFile: scratch("b/settings/etc/nginx/\(name)"), encoding: .utf8), text)
    }
    let place = "/etc/nginx/swiftlet-local"
    for reason in [
      "can't look at \(place)/gone: No such file or directory",
      "\(place)/again is a link to a directory", "\(place)/pipe is neither a file nor a directory",
    ] {
      XCTAssertTrue(said.contains("swiftlet: not in the backup: \(reason)\n"), said)
    }
  }

  func testAPathWithDotsStaysInside() throws {
    let (own, scratch) = (try OwnInstallation(), try ScratchDirectory("backup"))
    try own.check("migrate")
    try put("BASE_URL=https://sho.rt\n", scratch("x.env"))
    let path = scratch("sub/../../../../../..") + scratch("x.env")
    _ = try scratch.make("sub")
    own.environment["SWIFTLET_ENV"] = path
    try own.check("backup", scratch("b"))
    XCTAssertEqual(
      try String(contentsOfFile: scratch("b/settings") + scratch("x.env"), encoding: .utf8),
      "BASE_URL=https://sho.rt\n")
    let manifest = try String(contentsOfFile: scratch("b/manifest.json"), encoding: .utf8)
    XCTAssertFalse(manifest.contains(".."), manifest)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    XCTAssertEqual(names.sorted(), ["b", "sub", "x.env"])
  }
}
