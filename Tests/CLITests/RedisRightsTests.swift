import Foundation
import TestSupport
import XCTest

/// The rights that the handbook gives to a Redis user.
final class RedisRightsTests: XCTestCase {
  func testTheHandbooksRightsAreEnoughAndNamedWhereTheyAreMissing() throws {
    let redis = try PrivateRedis()
    let handbook = try Repository.text("supervisor/README.md")
    let line = try XCTUnwrap(
      handbook.split(separator: "\n").first { $0.hasPrefix("ACL SETUSER swiftlet ") })
    var words = line.split(separator: " ").map(String.init)
    words[words.firstIndex(of: ">…") ?? 0] = ">secret"
    try Command.check("/usr/bin/redis-cli", ["-e", "-s", redis.socket] + words)
    let url = "unix://swiftlet:secret@\(redis.socket)"
    let well = try doctor(url)
    XCTAssertTrue(well.contains("ok       Redis: 7"), well)
    XCTAssertTrue(well.contains("ok       Redis rights: "), well)
    XCTAssertTrue(well.contains("ok       worker ids of Redis: "), well)
    XCTAssertFalse(well.contains("NOPERM"), well)

    try redis.command("ACL", "SETUSER", "swiftlet", "resetchannels")
    let less = try doctor(url)
    XCTAssertTrue(less.contains("FAILED   Redis rights: NOPERM "), less)
    XCTAssertTrue(less.contains("-> let its user run EVAL, SUBSCRIBE and PUBLISH"), less)
  }

  private func doctor(_ url: String) throws -> String {
    try CommandLineTool().run("doctor", with: ["REDIS_URL": url]).output
  }
}
