import Foundation
import TestSupport
import XCTest

/// An invalidator that hears nothing: it must not beat, and must find its way back.
final class DeafInvalidatorTests: XCTestCase {
  private static let channel = "short_url_changes:0"

  /// Checks a deaf invalidator, and that it finds its way back.
  ///
  /// Until the connection is given up, no beat may be for a time after `moment`. Everything must be
  /// marked as old once the invalidator hears again.
  private func assertDeaf(
    _ invalidator: RunningInvalidator, _ page: GenerationPage, since moment: Int64,
    mend: () throws -> Void, line: UInt = #line
  ) throws {
    let before = page.counter(of: "any")
    XCTAssertTrue(invalidator.hasLogged("hears no changes"), invalidator.log, line: line)
    XCTAssertLessThanOrEqual(page.beats.boot, moment, line: line)
    XCTAssertGreaterThan(page.beats.boot, 0, line: line)
    try mend()
    XCTAssertTrue(
      eventually(seconds: 60) { page.beats.boot > moment }, invalidator.log, line: line)
    XCTAssertNotEqual(page.counter(of: "any"), before, line: line)
    XCTAssertTrue(invalidator.hasLogged("hears changes of links again"), line: line)
    // However many tries it took.
    XCTAssertEqual(
      invalidator.log.components(separatedBy: "hears no changes").count, 2, invalidator.log,
      line: line)
  }

  func testItBeatsForNothingButAPong() throws {
    let redis = try PrivateRedis()
    let directory = try ScratchDirectory("proxy")
    let proxy = try FaultProxy(at: directory("s"), to: redis.socket)
    defer { proxy.stop() }
    let invalidator = try RunningInvalidator("unix://" + directory("s"))
    let page = try invalidator.beatingPage()
    proxy.mode = .loseAnswers
    let moment = RunningInvalidator.now
    // What is announced now is lost on its way; that everything is marked as old makes up for it.
    try redis.command("PUBLISH", Self.channel, "abc")
    try assertDeaf(invalidator, page, since: moment) { proxy.mode = .pass }
  }

  func testAFrozenRedisIsLeftAndFoundAgain() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    redis.freeze()
    // The signal needs a moment to get there.
    let moment = RunningInvalidator.now + 500
    try assertDeaf(invalidator, page, since: moment) { redis.thaw() }
  }

  func testAHalfOpenConnectionIsLeft() throws {
    let port = try Socket.freePort()
    let redis = try PrivateRedis(["--port", "\(port)"])
    let proxy = try FaultProxy(to: port)
    defer { proxy.stop() }
    let invalidator = try RunningInvalidator("redis://127.0.0.1:\(proxy.port)")
    let page = try invalidator.beatingPage()
    let harm = proxy.harm
    proxy.mode = .drop
    XCTAssertTrue(eventually(seconds: 30) { proxy.harm > harm })
    let moment = RunningInvalidator.now
    try assertDeaf(invalidator, page, since: moment) { proxy.mode = .pass }
    _ = redis
  }

  func testARedisThatIsKilledAndStartedAgainIsHeardAgain() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    redis.kill()
    let moment = RunningInvalidator.now
    try assertDeaf(invalidator, page, since: moment) { try redis.start() }
    let before = page.counter(of: "abc")
    XCTAssertEqual(try redis.command("PUBLISH", Self.channel, "abc"), "1\n")
    XCTAssertTrue(eventually(seconds: 30) { page.counter(of: "abc") == before &+ 1 })
  }

  func testARedisThatRefusesTheChannelIsToldOnceAndHeardWhenItNoLongerDoes() throws {
    let redis = try PrivateRedis()
    try redis.command("ACL", "SETUSER", "deaf", "on", ">secret", "+@all", "~*", "resetchannels")
    let invalidator = try RunningInvalidator("unix://deaf:secret@\(redis.socket)")
    XCTAssertTrue(invalidator.hasLogged("NOPERM"))
    XCTAssertEqual(invalidator.page?.beats.boot, 0)
    try redis.command("ACL", "SETUSER", "deaf", "&short_url_changes:*")
    _ = try invalidator.beatingPage()
    XCTAssertEqual(
      invalidator.log.components(separatedBy: "hears no changes").count, 2, invalidator.log)
  }

  /// A server of the test's own, since Redis doesn't do that.
  func testMessagesWithoutAnEndAndWithoutAPongCostAConnectionAndNoMemory() throws {
    let server = try Socket(listeningOn: 0)
    let port = try server.port()
    Thread.detachNewThread {
      let start =
        "+PONG\r\n*3\r\n$9\r\nsubscribe\r\n$19\r\nshort_url_changes:0\r\n:1\r\n"
      let message = "*3\r\n$7\r\nmessage\r\n$19\r\nshort_url_changes:0\r\n$3\r\nabc\r\n"
      let flood = Array(String(repeating: message, count: 1000).utf8)
      while let client = server.accept() {
        try? client.send(Array(start.utf8))
        while (try? client.send(flood)) != nil {}
      }
    }
    let invalidator = try RunningInvalidator("redis://127.0.0.1:\(port)")
    XCTAssertTrue(invalidator.hasLogged("no sign of life"), invalidator.log)
    XCTAssertEqual(invalidator.page?.beats.boot, 0)
    XCTAssertLessThan(invalidator.peakKibibytes, 64 << 10)
    invalidator.signal(SIGTERM)
    XCTAssertEqual(invalidator.wait(), 0)
    shutdown(server.descriptor, Int32(SHUT_RDWR))
  }

  func testItStopsWhenItIsAskedToWhateverRedisDoes() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    _ = try invalidator.beatingPage()
    redis.freeze()
    XCTAssertTrue(invalidator.hasLogged("hears no changes"))
    invalidator.signal(SIGTERM)
    XCTAssertEqual(invalidator.wait(), 0)
    redis.thaw()
    redis.kill()
    try invalidator.start()
    XCTAssertTrue(invalidator.hasLogged("hears no changes"))
    invalidator.signal(SIGTERM)
    XCTAssertEqual(invalidator.wait(), 0)
  }

  func testFrozenItselfItBeatsForNoMomentThatItHasNotHeard() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    invalidator.signal(SIGSTOP)
    let before = page.counter(of: "abc")
    for _ in 0..<50 { try redis.command("PUBLISH", Self.channel, "abc") }
    let moment = RunningInvalidator.now
    invalidator.signal(SIGCONT)
    // A beat past that moment says that they are heard, or that it has begun anew.
    XCTAssertTrue(eventually(seconds: 60) { page.beats.boot > moment })
    XCTAssertNotEqual(page.counter(of: "abc"), before)
  }
}
