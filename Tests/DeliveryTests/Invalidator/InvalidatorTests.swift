import Foundation
import TestSupport
import XCTest

/// What an invalidator does to the page of its host.
final class InvalidatorTests: XCTestCase {
  private static let channel = "short_url_changes:0"

  private func publish(_ words: String, to redis: PrivateRedis) throws {
    XCTAssertEqual(try redis.command("PUBLISH", Self.channel, words), "1\n", "nobody hears")
  }

  func testAnAnnouncedNameGetsAnotherGenerationAndNoOtherDoes() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    defer { withExtendedLifetime(invalidator) {} }
    let page = try invalidator.beatingPage()
    let names = ["abc", "docs.example:abc", "Straße~1"]
    let before = names.map(page.counter)
    let others = Set(0..<65_536).subtracting((names + ["last"]).map(GenerationPage.slot))
    let rest = others.map(page.counter)
    let last = page.counter(of: "last")
    try publish(names.joined(separator: "\n"), to: redis)
    try publish("last", to: redis)
    XCTAssertTrue(eventually(seconds: 30) { page.counter(of: "last") == last &+ 1 })
    XCTAssertEqual(names.map(page.counter), before.map { $0 &+ 1 })
    XCTAssertEqual(others.map(page.counter), rest)
  }

  func testTheChannelIsThatOfItsDatabase() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url + "?db=3")
    defer { withExtendedLifetime(invalidator) {} }
    let page = try invalidator.beatingPage()
    let before = page.counter(of: "abc")
    XCTAssertEqual(try redis.command("PUBLISH", "short_url_changes:0", "abc"), "0\n")
    XCTAssertEqual(try redis.command("PUBLISH", "short_url_changes:3", "abc"), "1\n")
    XCTAssertTrue(eventually(seconds: 30) { page.counter(of: "abc") == before &+ 1 })
  }

  func testBothBeatsAreOneMoment() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    defer { withExtendedLifetime(invalidator) {} }
    let page = try invalidator.beatingPage()
    let (boot, monotonic) = (RunningInvalidator.now, GenerationPage.now)
    // One that is read amid a beat may be of two.
    XCTAssertTrue(
      eventually(seconds: 30) {
        let beats = page.beats
        return abs((beats.boot - boot) - (beats.monotonic - monotonic)) <= 2
      })
  }

  func testAnyPayloadIsTakenAndTheNamesAmidItAreHeard() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    let junk = String(repeating: "\u{FF}\u{1}\r*3 $-1 '\"", count: 8000)
    for payload in ["", "\n", String(repeating: "\n", count: 100_000), junk] {
      let before = page.counter(of: "amid")
      try publish(payload + "\namid\n" + payload.prefix(100), to: redis)
      XCTAssertTrue(eventually(seconds: 30) { page.counter(of: "amid") != before })
    }
    XCTAssertFalse(invalidator.log.contains("hears no changes"), invalidator.log)
  }

  func testALongerPayloadThanAnAnnouncementCanBeCostsAConnectionAndNoMemory() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    let before = page.counter(of: "any")
    try redis.command(
      "EVAL", "return redis.call('PUBLISH', KEYS[1], string.rep('abc\\n', 500000))", "1",
      Self.channel)
    XCTAssertTrue(invalidator.hasLogged("hears no changes"))
    // As for everything that it may have missed.
    XCTAssertTrue(eventually(seconds: 30) { page.counter(of: "any") != before })
    _ = try invalidator.beatingPage()
    try publish("abc", to: redis)
    XCTAssertLessThan(invalidator.peakKibibytes, 64 << 10)
  }

  func testAPageThatIsTakenAwayIsMadeAnewAndTheOldOneBeatsNoMore() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let old = try invalidator.beatingPage()
    try FileManager.default.removeItem(atPath: invalidator.state + "/generations")
    let new = try invalidator.beatingPage()
    XCTAssertFalse(old.isIn(invalidator.state))
    XCTAssertEqual(old.beats.boot, 0)
    XCTAssertEqual(old.beats.monotonic, 0)
    let before = new.counter(of: "abc")
    try publish("abc", to: redis)
    XCTAssertTrue(eventually(seconds: 30) { new.counter(of: "abc") == before &+ 1 })
    // Another file in its place, which is no page.
    try Data(repeating: 1, count: 100).write(
      to: URL(fileURLWithPath: invalidator.state + "/generations"), options: .atomic)
    _ = try invalidator.beatingPage()
  }

  func testOfTwoOnAHostOneWorksAndTheOtherTakesOver() throws {
    let redis = try PrivateRedis()
    let first = try RunningInvalidator(redis.url)
    let page = try first.beatingPage()
    let second = try RunningInvalidator(redis.url, besides: first)
    XCTAssertTrue(second.hasLogged("another invalidator works on this host"))
    try publish("abc", to: redis)
    XCTAssertFalse(second.log.contains("ready"))
    first.kill()
    let before = page.counter(of: "any")
    XCTAssertTrue(second.hasLogged("ready"))
    _ = try second.beatingPage()
    // Readers need no other page, and take nothing that they remember.
    XCTAssertTrue(page.isIn(first.state))
    XCTAssertNotEqual(page.counter(of: "any"), before)
    XCTAssertEqual(
      second.log.components(separatedBy: "another invalidator").count, 2, second.log)
  }

  func testKilledAndStartedAgainItMarksEverythingAsOldBeforeItBeats() throws {
    let redis = try PrivateRedis()
    let invalidator = try RunningInvalidator(redis.url)
    let page = try invalidator.beatingPage()
    invalidator.kill()
    let before = (0..<65_536).map(page.counter)
    let beat = page.beats.boot
    try invalidator.start()
    XCTAssertTrue(eventually(seconds: 60) { page.beats.boot > beat })
    XCTAssertFalse(zip(before, (0..<65_536).map(page.counter)).contains { $0 == $1 })
  }
}
