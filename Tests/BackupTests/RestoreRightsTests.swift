import Foundation
import TestSupport
import XCTest

/// A restore with a Redis user that has the handbook's rights, and with one that has fewer.
final class RestoreRightsTests: XCTestCase {
  func testTheHandbooksRightsAreEnough() throws {
    let (own, scratch, redis) = (
      try OwnInstallation(), try ScratchDirectory("backup"), try PrivateRedis()
    )
    try own.fill()
    try own.check("backup", scratch("b"))
    let before = try own.contents()
    try own.dropDatabases()
    let line = try XCTUnwrap(
      try Repository.text("supervisor/README.md").split(separator: "\n")
        .first { $0.hasPrefix("ACL SETUSER swiftlet ") })
    var words = line.split(separator: " ").map(String.init)
    words[words.firstIndex(of: ">…") ?? 0] = ">secret"
    try redis.command(words)
    for key in ["short_url:a", "short_url@sho.rt:b", "short_urls", "worker_id:1"] {
      try redis.command("SET", key, "x")
    }
    let url = ["REDIS_URL": "unix://swiftlet:secret@\(redis.socket)"]

    try redis.command("ACL", "SETUSER", "swiftlet", "-scan")
    let less = try own.swiftlet("restore", scratch("b"), with: url)
    XCTAssertEqual(less.status, 69, less.output)
    XCTAssertTrue(less.output.contains("NOPERM"), less.output)

    try redis.command("ACL", "SETUSER", "swiftlet", "+scan")
    let run = try own.swiftlet("restore", scratch("b"), with: url)
    XCTAssertEqual(run.status, 0, run.output)
    XCTAssertTrue(run.output.contains("Redis has forgotten 2 keys"), run.output)
    XCTAssertEqual(
      try redis.command("KEYS", "*").split(separator: "\n").sorted(), ["short_urls", "worker_id:1"])
    XCTAssertEqual(try own.contents(), before)
  }
}
