import Foundation
import Glibc
import Lookup
import Service
import TestSupport
import XCTest

/// The page of generations as a reader meets it: there, not there, another one, somebody else's.
final class GenerationTableTests: XCTestCase {
  private var directories: [ScratchDirectory] = []

  private func state() throws -> StateDirectory {
    let directory = try ScratchDirectory("generations")
    directories.append(directory)
    return StateDirectory(directory.path)
  }

  func testEachNameHasTheSlotThatTheExamplesSay() throws {
    let lines = try ExampleTable.lines("Tests/Examples/generation-slots.tsv")
    XCTAssertGreaterThan(lines.count, 60)
    for fields in lines {
      XCTAssertEqual(
        GenerationTable.slot(of: ExampleTable.bytes(fields[0])), Int(fields[1]), fields[0])
    }
  }

  func testWithoutAPageNothingIsFreshAndAnAnswerIsGoodForHalfASecond() throws {
    let table = GenerationTable(try state())
    for _ in 0..<2 {
      XCTAssertEqual(table.generation(of: 65_535), 0)
      for now: Int64 in [0, 100, 500, 1_000_000] { XCTAssertFalse(table.isFresh(at: now)) }
      XCTAssertTrue(table.holds(7, 0, since: 1000, at: 1499))
      XCTAssertFalse(table.holds(7, 0, since: 1000, at: 1500))
      table.tick()
    }
  }

  func testAPageThatAppearsIsTakenByTheNextTickAndEndsWhatWasRememberedWithoutIt() throws {
    let state = try state()
    let table = GenerationTable(state)
    table.tick()
    let writer = try GenerationWriter(state)
    writer.beat(boot: 1000, monotonic: 1000)
    XCTAssertFalse(table.isFresh(at: 1000))
    table.tick()
    XCTAssertTrue(table.isFresh(at: 1000))
    XCTAssertNotEqual(table.generation(of: 7), 0)
    XCTAssertFalse(table.holds(7, 0, since: 1000, at: 1000))
    XCTAssertTrue(table.holds(7, table.generation(of: 7), since: 1, at: 1000))
  }

  func testWhatIsNoPageIsNotTaken() throws {
    let strange: [(String, (StateDirectory) throws -> Void)] = [
      ("too short", { _ = try GenerationPage(in: $0.path, bytes: GenerationPage.size - 1) }),
      ("too long", { _ = try GenerationPage(in: $0.path, bytes: GenerationPage.size + 1) }),
      ("empty", { _ = try GenerationPage(in: $0.path, bytes: 0) }),
      ("another magic", { _ = try GenerationPage(in: $0.path, mark: Array("SWGENS\0\u{2}".utf8)) }),
      ("none yet", { _ = try GenerationPage(in: $0.path, mark: Array(repeating: 0, count: 8)) }),
      ("a directory", { XCTAssertEqual(mkdir($0.generations, 0o700), 0) }),
      ("a pipe", { XCTAssertEqual(mkfifo($0.generations, 0o600), 0) }),
      (
        "a symbolic link",
        { state in
          let elsewhere = try ScratchDirectory("elsewhere")
          self.directories.append(elsewhere)
          _ = try GenerationPage(in: elsewhere.path)
          XCTAssertEqual(symlink(elsewhere.path + "/generations", state.generations), 0)
        }
      ),
    ]
    for (name, make) in strange {
      let state = try state()
      try make(state)
      let table = GenerationTable(state)
      table.tick()
      XCTAssertEqual(table.generation(of: 7), 0, name)
    }
    let state = try state()
    _ = try GenerationPage(in: state.path, counter: 7)
    let table = GenerationTable(state)
    table.tick()
    XCTAssertEqual(table.generation(of: 7), 7)
  }

  /// By the rules of the page nobody replaces it, so it is looked for only while nobody beats.
  func testAPageThatIsReplacedUnderAReaderIsReadUntilItsBeatIsOldAndThenTheOtherOne() throws {
    let state = try state()
    let old = try GenerationWriter(state)
    let table = GenerationTable(state)
    table.tick()
    let generation = table.generation(of: 7)
    try FileManager.default.removeItem(atPath: state.generations)
    let new = try GenerationWriter(state)
    XCTAssertTrue(
      eventually(seconds: 10) {
        let now = SystemClock.bootMilliseconds()
        old.beat(boot: now, monotonic: now)
        table.tick()
        return SystemClock.bootMilliseconds() < now + GenerationTable.patienceMilliseconds
      })
    XCTAssertEqual(table.generation(of: 7), generation)
    old.beat(boot: 0, monotonic: 0)
    table.tick()
    XCTAssertNotEqual(table.generation(of: 7), generation)
    new.beat(boot: 1000, monotonic: 1000)
    XCTAssertTrue(table.isFresh(at: 1000))
    XCTAssertFalse(table.holds(7, generation, since: 1000, at: 1000))
  }

  func testAPageThatIsTakenAwayIsLetGoOnceNobodyBeats() throws {
    let state = try state()
    let writer = try GenerationWriter(state)
    let table = GenerationTable(state)
    table.tick()
    XCTAssertNotEqual(table.generation(of: 7), 0)
    try FileManager.default.removeItem(atPath: state.generations)
    table.tick()
    XCTAssertEqual(table.generation(of: 7), 0)
    withExtendedLifetime(writer) {}
  }

  func testABeatIsFreshForHalfASecondAndATenthAhead() throws {
    let state = try state()
    let writer = try GenerationWriter(state)
    let table = GenerationTable(state)
    table.tick()
    let beat: Int64 = 1_000_000
    writer.beat(boot: beat, monotonic: 5)
    for (now, isFresh) in [
      (beat, true), (beat + 500, true), (beat + 501, false), (beat - 100, true),
      (beat - 101, false), (0, false), (5, false),
    ] {
      XCTAssertEqual(table.isFresh(at: now), isFresh, "\(now)")
    }
    // None, and those of earlier boots: any number.
    for beat: Int64 in [0, -1, .min, .max, .max - 1, .min + 500] {
      writer.beat(boot: beat, monotonic: beat)
      for now: Int64 in [0, 1, 100, 500, 1_000_000] {
        XCTAssertFalse(table.isFresh(at: now), "\(beat) at \(now)")
      }
    }
  }
}
