import Links
import XCTest

final class SnowflakeGeneratorTests: XCTestCase {
  private let start: Int64 = 90_000_000_000

  func testAMillionIDsAreUniqueAndOrdered() {
    var generator = SnowflakeGenerator(worker: 5, after: -1)
    var previous = SnowflakeID(rawValue: -1)
    for step in 0..<1_000_000 {
      // Far more than 4096 a millisecond: the logical time runs ahead of the clock.
      guard let id = generator.next(at: start + Int64(step / 20_000), upTo: .max) else {
        return XCTFail("no id at step \(step)")
      }
      XCTAssertLessThan(previous, id)
      XCTAssertEqual(id.worker, 5)
      previous = id
    }
    XCTAssertEqual(previous.timestamp, start + 1_000_000 / 4096)
  }

  func testTheSequenceRollsOverIntoTheNextMillisecond() throws {
    var generator = SnowflakeGenerator(worker: 0, after: -1)
    for sequence in 0...SnowflakeID.maximumSequence {
      let id = try XCTUnwrap(generator.next(at: start, upTo: .max))
      XCTAssertEqual([id.timestamp, Int64(id.sequence)], [start, Int64(sequence)])
    }
    let id = try XCTUnwrap(generator.next(at: start, upTo: .max))
    XCTAssertEqual([id.timestamp, Int64(id.sequence)], [start + 1, 0])
  }

  func testTheFirstIDComesAfterTheLastOfAnEarlierHolder() throws {
    var generator = SnowflakeGenerator(worker: 0, after: start)
    let id = try XCTUnwrap(generator.next(at: start - 5000, upTo: .max))
    XCTAssertEqual([id.timestamp, Int64(id.sequence)], [start + 1, 0])
  }

  func testAClockThatStepsBackRepeatsNothing() throws {
    var generator = SnowflakeGenerator(worker: 0, after: -1)
    let before = try XCTUnwrap(generator.next(at: start, upTo: .max))
    let after = try XCTUnwrap(generator.next(at: start - 3_600_000, upTo: .max))
    XCTAssertLessThan(before, after)
    XCTAssertEqual(after.timestamp, start)
  }

  func testNoIDLiesBeyondTheCeiling() throws {
    var generator = SnowflakeGenerator(worker: 0, after: -1)
    XCTAssertNil(generator.next(at: start + 1, upTo: start))
    XCTAssertEqual(generator.last, -1)
    for _ in 0...SnowflakeID.maximumSequence {
      XCTAssertNotNil(generator.next(at: start, upTo: start))
    }
    XCTAssertNil(generator.next(at: start, upTo: start))
    XCTAssertNotNil(generator.next(at: start, upTo: start + 1))
  }

  func testTheYear2093EndsIt() {
    var generator = SnowflakeGenerator(worker: 0, after: -1)
    let end = SnowflakeID.maximumTimestamp
    XCTAssertNotNil(generator.next(at: end, upTo: .max))
    XCTAssertNil(generator.next(at: end + 1, upTo: .max))
  }

  func testAClockBefore2024StillGivesIDs() throws {
    var generator = SnowflakeGenerator(worker: 0, after: -1)
    let id = try XCTUnwrap(generator.next(at: -1_000_000, upTo: 60_000))
    XCTAssertEqual(id.timestamp, 0)
  }
}
