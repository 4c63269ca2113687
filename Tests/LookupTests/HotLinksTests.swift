import Links
import Lookup
import Service
import TestSupport
import XCTest

final class HotLinksTests: XCTestCase {
  private let hit = LinkRecord.plain(PlainLink(DestinationURL(unchecked: "https://example.com/")))

  private var directories: [ScratchDirectory] = []

  private func key(_ number: Int) throws -> LinkKey {
    LinkKey(try XCTUnwrap(Slug("c\(number)")))
  }

  /// A table beside a page that beats at a moment, and the page's writer.
  private func links(
    lifetime: Int = 1000, places: Int = 4096, beatingAt beat: Int64 = 0
  ) throws -> (HotLinks, GenerationWriter) {
    let directory = try ScratchDirectory("hot")
    directories.append(directory)
    let state = StateDirectory(directory.path)
    let writer = try GenerationWriter(state)
    // A tick takes a page that doesn't beat now.
    let generations = GenerationTable(state)
    generations.tick()
    writer.beat(boot: beat, monotonic: beat)
    return (
      HotLinks(lifetimeMilliseconds: lifetime, places: places, generations: generations), writer
    )
  }

  func testAnEntryIsGoodForItsLifetimeAndNotAMomentLonger() throws {
    var (links, writer) = try links()
    let key = try key(1)
    XCTAssertNil(links.record(key, at: 0))
    links.remember(hit, of: key, under: links.lease(key, at: 5000))
    writer.beat(boot: 5999, monotonic: 0)
    XCTAssertEqual(links.record(key, at: 5999), hit)
    XCTAssertNil(links.record(key, at: 6000))
    links.remember(.gone, of: key, under: links.lease(key, at: 7000))
    writer.beat(boot: 7999, monotonic: 0)
    XCTAssertEqual(links.record(key, at: 7999), .gone)
    XCTAssertNil(links.record(key, at: 8000))
  }

  func testThatThereIsNoLinkIsRememberedForHalfASecondAtMost() throws {
    var (links, writer) = try links()
    let key = try key(1)
    links.remember(.absent, of: key, under: links.lease(key, at: 5000))
    writer.beat(boot: 5499, monotonic: 0)
    XCTAssertEqual(links.record(key, at: 5499), .absent)
    XCTAssertNil(links.record(key, at: 5500))
    var (short, _) = try self.links(lifetime: 100)
    short.remember(.absent, of: key, under: short.lease(key, at: 5000))
    XCTAssertEqual(short.record(key, at: 5099), .absent)
    XCTAssertNil(short.record(key, at: 5100))
  }

  func testAChangeEndsAnEntryAtOnce() throws {
    var (links, writer) = try links(beatingAt: 1000)
    let (key, other) = (try key(1), try key(2))
    for key in [key, other] {
      links.remember(hit, of: key, under: links.lease(key, at: 1000))
      XCTAssertEqual(links.record(key, at: 1001), hit)
    }
    writer.bump([key.name.utf8])
    XCTAssertNil(links.record(key, at: 1001))
    XCTAssertEqual(links.record(other, at: 1001), hit)
    writer.bumpAll()
    XCTAssertNil(links.record(other, at: 1001))
  }

  /// The lease is older than the change, so what was answered may be older, too.
  func testWhatWasAskedForBeforeAChangeAndRememberedAfterItIsNotTaken() throws {
    var (links, writer) = try links(beatingAt: 1000)
    let key = try key(1)
    let lease = links.lease(key, at: 1000)
    writer.bump([key.name.utf8])
    links.remember(hit, of: key, under: lease)
    XCTAssertNil(links.record(key, at: 1001))
  }

  func testWithoutAFreshBeatAnEntryIsGoodForHalfASecondSinceBeforeItWasAskedFor() throws {
    for beat in [0, .min, .max, 1_000_000 - 501, 1_000_000 + 101] as [Int64] {
      var (links, writer) = try links(lifetime: 60_000)
      let key = try key(1)
      links.remember(hit, of: key, under: links.lease(key, at: 1_000_000 - 499))
      writer.beat(boot: beat, monotonic: beat)
      XCTAssertEqual(links.record(key, at: 1_000_000), hit, "beat \(beat)")
      links.remember(hit, of: key, under: links.lease(key, at: 1_000_000 - 500))
      XCTAssertNil(links.record(key, at: 1_000_000), "beat \(beat)")
    }
    for beat in [1_000_000 - 500, 1_000_000, 1_000_000 + 100] as [Int64] {
      var (links, writer) = try links(lifetime: 60_000)
      let key = try key(1)
      links.remember(hit, of: key, under: links.lease(key, at: 1_000_000 - 59_999))
      writer.beat(boot: beat, monotonic: beat)
      XCTAssertEqual(links.record(key, at: 1_000_000), hit, "beat \(beat)")
    }
  }

  func testTheLastRecordOutlivesTheEntry() throws {
    var (links, writer) = try links()
    let key = try key(1)
    XCTAssertNil(links.lastRecord(key))
    links.remember(hit, of: key, under: links.lease(key, at: 0))
    writer.bumpAll()
    XCTAssertNil(links.record(key, at: 1_000_000))
    XCTAssertNil(links.unchangedRecord(key, at: 0))
    XCTAssertEqual(links.lastRecord(key), hit)
    links.remember(.gone, of: key, under: links.lease(key, at: 0))
    XCTAssertEqual(links.lastRecord(key), .gone)
  }

  func testAnUnchangedRecordOutlivesTheEntryWhileChangesAreHeard() throws {
    var (links, writer) = try links(lifetime: 100)
    let key = try key(1)
    links.remember(hit, of: key, under: links.lease(key, at: 0))
    writer.beat(boot: 1_000_000, monotonic: 1_000_000)
    XCTAssertNil(links.record(key, at: 1_000_000))
    XCTAssertEqual(links.unchangedRecord(key, at: 1_000_000), hit)
    XCTAssertNil(links.unchangedRecord(key, at: 1_000_501))
  }

  func testALinkAnswersForItsOwnCodeOnlyHoweverSmallTheTable() throws {
    var (links, _) = try links(places: 3)
    func record(_ number: Int) -> LinkRecord {
      .plain(PlainLink(DestinationURL(unchecked: "https://e.org/\(number)")))
    }
    for number in 0..<1000 {
      let key = try key(number)
      links.remember(record(number), of: key, under: links.lease(key, at: 0))
      for other in max(0, number - 9)...number {
        let found = links.record(try self.key(other), at: 1)
        XCTAssertTrue(
          found == record(other) || found == nil && other != number, "\(found as Any)")
      }
    }
  }

  func testAURLThatIsTooLongForTheTableReplacesNothingButItsOwnEntry() throws {
    var (links, _) = try links(places: 1)
    let (key, other) = (try key(1), try key(2))
    let url = String(repeating: "a", count: HotLinks.maximumURLBytes + 1)
    let long = LinkRecord.plain(PlainLink(DestinationURL(unchecked: url)))
    links.remember(hit, of: key, under: links.lease(key, at: 0))
    links.remember(long, of: other, under: links.lease(other, at: 0))
    XCTAssertEqual(links.record(key, at: 1), hit)
    links.remember(long, of: key, under: links.lease(key, at: 0))
    XCTAssertNil(links.record(key, at: 1))
    XCTAssertNil(links.lastRecord(key))
  }

  func testALifetimeOfZeroKeepsNothing() throws {
    var (links, _) = try links(lifetime: 0)
    let key = try key(1)
    links.remember(hit, of: key, under: links.lease(key, at: 0))
    XCTAssertNil(links.record(key, at: 0))
    XCTAssertNil(links.lastRecord(key))
  }
}
