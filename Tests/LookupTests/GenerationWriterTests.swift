import Files
import Foundation
import Glibc
import Lookup
import Service
import TestSupport
import XCTest

/// The page of generations as its one writer makes and keeps it.
final class GenerationWriterTests: XCTestCase {
  private var directories: [ScratchDirectory] = []

  private func state() throws -> StateDirectory {
    let directory = try ScratchDirectory("generations")
    directories.append(directory)
    return StateDirectory(directory.path)
  }

  private func bytes(_ state: StateDirectory) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: state.generations)))
  }

  private func number<Number: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int) -> Number {
    bytes.withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
  }

  private func inode(_ state: StateDirectory) throws -> UInt64 {
    try UInt64(File.status(of: state.generations).st_ino)
  }

  func testANewPageIsLaidOutAsReadersOfOtherLanguagesExpectIt() throws {
    let state = try state()
    // What a service's mask takes away, too.
    let mask = umask(0o077)
    defer { umask(mask) }
    let writer = try GenerationWriter(state)
    let new = try bytes(state)
    XCTAssertEqual(new.count, 266_240)
    XCTAssertEqual(Array(new.prefix(8)), Array("SWGENS\0\u{1}".utf8))
    XCTAssertEqual(new[8..<4096].filter { $0 != 0 }, [])
    let first: UInt32 = number(new, 4096)
    XCTAssertTrue(
      (0..<65_536).allSatisfy { (number(new, 4096 + 4 * $0) as UInt32) == first })
    XCTAssertEqual(try File.status(of: state.generations).st_mode, S_IFREG | 0o644)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: state.path), ["generations"])

    writer.beat(boot: 0x0102_0304_0506_0708, monotonic: -2)
    writer.bump(["summer-sale".utf8, "abc".utf8, "abc".utf8])
    let changed = try bytes(state)
    XCTAssertEqual(
      Array(changed[8..<24]),
      [8, 7, 6, 5, 4, 3, 2, 1] + [0xFE] + Array(repeating: 0xFF, count: 7))
    for slot in 0..<65_536 {
      let count: UInt32 = slot == 11_148 ? 1 : slot == 22_275 ? 2 : 0
      XCTAssertEqual(number(changed, 4096 + 4 * slot), first &+ count, "\(slot)")
    }
  }

  func testTwoPagesHaveNotTheSameGenerations() throws {
    let (one, other) = (try state(), try state())
    _ = (try GenerationWriter(one), try GenerationWriter(other))
    XCTAssertNotEqual(number(try bytes(one), 4096) as UInt32, number(try bytes(other), 4096))
  }

  func testAWriterThatComesBackKeepsThePageAndEndsAllThatWasRemembered() throws {
    let state = try state()
    _ = try GenerationWriter(state)
    let (place, before) = (try inode(state), try bytes(state))
    let table = GenerationTable(state)
    table.tick()
    XCTAssertEqual(chmod(state.generations, 0o600), 0)
    _ = try GenerationWriter(state)
    XCTAssertEqual(try inode(state), place)
    XCTAssertEqual(try File.status(of: state.generations).st_mode, S_IFREG | 0o644)
    for slot in 0..<65_536 {
      XCTAssertNotEqual(table.generation(of: slot), number(before, 4096 + 4 * slot))
    }
  }

  func testWhatIsNoPageIsReplacedAndWhatALinkLeadsToIsLeftAlone() throws {
    let outside = try ScratchDirectory("outside")
    let victim = outside("victim")
    try Data(count: 266_240).write(to: URL(fileURLWithPath: victim))
    let strange: [(String, (String) throws -> Void)] = [
      ("empty", { try Data().write(to: URL(fileURLWithPath: $0)) }),
      ("zeros", { try Data(count: 266_240).write(to: URL(fileURLWithPath: $0)) }),
      ("a link", { XCTAssertEqual(symlink(victim, $0), 0) }),
      ("a pipe", { XCTAssertEqual(mkfifo($0, 0o600), 0) }),
    ]
    for (name, make) in strange {
      for isBefore in [true, false] {
        let state = try state()
        if isBefore { try make(state.generations) }
        // What a writer that was killed has left.
        try Data(count: 5).write(to: URL(fileURLWithPath: state.generations + ".new"))
        let writer = try GenerationWriter(state)
        if !isBefore {
          try FileManager.default.removeItem(atPath: state.generations)
          try make(state.generations)
          XCTAssertFalse(try writer.stillInPlace(), name)
        }
        XCTAssertTrue(try writer.stillInPlace(), name)
        XCTAssertEqual(try bytes(state).count, 266_240, name)
        let table = GenerationTable(state)
        table.tick()
        XCTAssertNotEqual(table.generation(of: 7), 0, name)
      }
    }
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: victim)), Data(count: 266_240))
  }

  func testAWriterWhosePageIsTakenAwayMakesAnotherOneAndTakesItsBeatBack() throws {
    let state = try state()
    let writer = try GenerationWriter(state)
    XCTAssertTrue(try writer.stillInPlace())
    let table = GenerationTable(state)
    table.tick()
    let generation = table.generation(of: 7)
    writer.beat(boot: 1000, monotonic: 1000)
    XCTAssertTrue(table.isFresh(at: 1000))

    try FileManager.default.removeItem(atPath: state.generations)
    XCTAssertFalse(try writer.stillInPlace())
    XCTAssertFalse(table.isFresh(at: 1000))
    table.tick()
    XCTAssertNotEqual(table.generation(of: 7), generation)
    XCTAssertFalse(table.isFresh(at: 1000))
    writer.beat(boot: 2000, monotonic: 2000)
    XCTAssertTrue(table.isFresh(at: 2000))

    // Another writer's page, with its beat.
    let other = try self.state()
    let second = try GenerationWriter(other)
    second.beat(boot: 3000, monotonic: 3000)
    let before: UInt32 = number(try bytes(other), 4096)
    XCTAssertEqual(rename(other.generations, state.generations), 0)
    XCTAssertFalse(try writer.stillInPlace())
    XCTAssertNotEqual(number(try bytes(state), 4096), before)
    XCTAssertEqual(try bytes(state)[8..<24].filter { $0 != 0 }, [])
  }

  /// A page from a backup is behind what readers remember.
  func testAnOlderPageThatComesBackDoesNotBringBackWhatAChangeHasEnded() throws {
    let state = try state()
    let writer = try GenerationWriter(state)
    let table = GenerationTable(state)
    table.tick()
    try FileManager.default.copyItem(atPath: state.generations, toPath: state.generations + ".old")
    var ended: [UInt32] = []
    for _ in 1...3 {
      writer.bump(["abc".utf8])
      ended.append(table.generation(of: 22_275))
    }
    XCTAssertEqual(rename(state.generations + ".old", state.generations), 0)
    XCTAssertFalse(try writer.stillInPlace())
    table.tick()
    XCTAssertFalse(ended.contains(table.generation(of: 22_275)))
    _ = try GenerationWriter(state)
    XCTAssertFalse(ended.contains(table.generation(of: 22_275)))
  }

  func testAWriterThatFindsNoRoomKeepsThePageItHas() throws {
    let directory = try ScratchDirectory("generations")
    let state = StateDirectory(try directory.make("state"))
    let writer = try GenerationWriter(state)
    let table = GenerationTable(state)
    table.tick()
    try FileManager.default.removeItem(atPath: state.path)
    XCTAssertThrowsError(try writer.stillInPlace())
    let before = table.generation(of: GenerationTable.slot(of: "abc".utf8))
    writer.bump(["abc".utf8])
    writer.beat(boot: 1000, monotonic: 1000)
    XCTAssertEqual(table.generation(of: GenerationTable.slot(of: "abc".utf8)), before &+ 1)
    XCTAssertTrue(table.isFresh(at: 1000))
    XCTAssertThrowsError(try GenerationWriter(state))
  }

  /// One is the rule; while a second one starts there are two.
  func testNoBumpOfTwoWritersIsLost() throws {
    let state = try state()
    let table = GenerationTable(state)
    let writers = [try GenerationWriter(state), try GenerationWriter(state)]
    table.tick()
    let before = table.generation(of: 11_148)
    let group = DispatchGroup()
    for writer in writers {
      nonisolated(unsafe) let writer = writer
      DispatchQueue.global().async(group: group) {
        for _ in 0..<20_000 { writer.bump(["summer-sale".utf8]) }
      }
    }
    group.wait()
    XCTAssertEqual(table.generation(of: 11_148), before &+ 40_000)
  }
}
