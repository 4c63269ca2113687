import Foundation
import Glibc
import Lookup
import Service
import TestSupport
import XCTest

/// The fast path's reader of the generation page, by nginx's own Lua and times of the test's choice.
final class LuaGenerationTests: XCTestCase {
  private let slug = "summer-sale"

  /// Runs a script that has the module as `generations`, and the slot of `slug` as `slot`.
  private func lua(_ state: String, _ script: String) throws -> (lines: [Substring], log: String) {
    let (output, log) = try NginxLua.run(
      """
      local generations = require("swiftlet.lua.generations")
      local slot = generations.slot("\(slug)")
      local function put(...) output:write(table.concat({ ... }, " "), "\\n") end
      -- Whether an entry that was asked for at a moment is good at another one.
      local function is_good(generation, begin, now)
        return tostring(
          generations.is_current({ slot = slot, generation = generation, begin = begin }, now))
      end
      generations.configure { state_dir = \(state) }
      """ + "\n" + script)
    return (output.split(separator: "\n"), log)
  }

  private func lua(
    _ directory: ScratchDirectory, _ script: String
  ) throws -> (lines: [Substring], log: String) {
    try lua("\"\(directory.path)\"", script)
  }

  func testEachNameHasTheSlotThatTheTableSays() throws {
    let lines = try ExampleTable.lines("Tests/Examples/generation-slots.tsv")
    let script = lines.map { fields in
      let name = ExampleTable.bytes(fields[0]).map { "\\" + String(format: "%03d", $0) }
      return "put(generations.slot(\"\(name.joined())\"))"
    }
    let read = try lua(ScratchDirectory(), script.joined(separator: "\n")).lines
    XCTAssertEqual(read.map(String.init), lines.map { $0[1] })
  }

  func testAnEntryIsGoodUntilItsSlotIsCountedWhileTheBeatIsFresh() throws {
    let state = try ScratchDirectory()
    let page = try GenerationPage(in: state.path, counter: .max)
    page.beat(1_000_000)
    XCTAssertEqual(
      try lua(
        state,
        """
        put(generations.read(slot, 1000000))
        for _, now in ipairs { 999900, 1000000, 1000500 } do put(is_good(4294967295, 1, now)) end
        put(is_good(4294967294, 1000000, 1000000), is_good(0, 1000000, 1000000))
        """
      ).lines, ["4294967295", "true", "true", "true", "false false"])
    page.bump(slug)
    XCTAssertEqual(
      try lua(
        state,
        """
        put(generations.read(slot, 1000000))
        put(is_good(4294967295, 1000000, 1000000), is_good(0, 1, 1000000))
        """
      ).lines, ["0", "false true"])
  }

  func testItReadsThePageThatTheInvalidatorWrites() throws {
    let directory = try ScratchDirectory()
    let writer = try GenerationWriter(StateDirectory(directory.path))
    writer.beat(boot: 1, monotonic: 1_000_000)
    func generations() throws -> [Substring] {
      try lua(
        directory,
        """
        put(generations.read(slot, 1000000))
        put(generations.read(generations.slot("b"), 1000000))
        put(is_good(generations.read(slot, 1000000), 1, 1000500))
        """
      ).lines
    }
    let before = try generations()
    writer.bump(["x", slug, "y"].map(\.utf8))
    let after = try generations()
    XCTAssertEqual(UInt32(after[0]), UInt32(before[0]).map { $0 &+ 1 })
    XCTAssertEqual(after[1], before[1])
    XCTAssertEqual([before[2], after[2]], ["true", "true"])
  }

  /// Beats of an earlier boot, of none, and of clocks that disagree.
  func testWithoutAFreshBeatAnEntryIsGoodForHalfASecond() throws {
    let now: Int64 = 1_000_000
    for beat in [now - 501, now + 101, 0, -1, 1, .min, .max, now << 32, -now] {
      let state = try ScratchDirectory()
      let page = try GenerationPage(in: state.path, counter: 7)
      page.beat(beat)
      let lines = try lua(
        state,
        """
        put(generations.read(slot, \(now)))
        put(is_good(7, \(now - 499), \(now)), is_good(7, \(now - 500), \(now)))
        """
      ).lines
      XCTAssertEqual(lines, ["7", "true false"], "\(beat)")
    }
    // Soon after a boot no beat is as near as one of that moment.
    let state = try ScratchDirectory()
    let page = try GenerationPage(in: state.path, counter: 7)
    page.beat(0)
    XCTAssertEqual(
      try lua(state, "put(generations.read(slot, 1), is_good(7, -600, 50))").lines, ["7 false"])
  }

  func testWhatIsNoPageIsNotMappedAndOneLineTellsOfIt() throws {
    let good = try ScratchDirectory()
    let page = try GenerationPage(in: good.path, counter: 7)
    page.beat(1_000_000)
    let places: [(String, (String) throws -> Void)] = [
      ("No such file or directory", { _ in }),
      (
        "not a page",
        { _ = try GenerationPage(in: $0, counter: 7, mark: Array("SWGENS\0\u{2}".utf8)) }
      ),
      (
        "not a file of 266240 bytes", { _ = try GenerationPage(in: $0, counter: 7, bytes: 266_239) }
      ),
      (
        "not a file of 266240 bytes", { _ = try GenerationPage(in: $0, counter: 7, bytes: 266_241) }
      ),
      ("not a file of 266240 bytes", { _ = try GenerationPage(in: $0, counter: 7, bytes: 0) }),
      (
        "Too many levels of symbolic links",
        { symlink("\(good.path)/generations", $0 + "/generations") }
      ),
      ("not a file", { mkdir($0 + "/generations", 0o700) }),
      // Without a writer it would be waited for.
      ("not a file", { mkfifo($0 + "/generations", 0o600) }),
    ]
    for (reason, make) in places {
      let state = try ScratchDirectory()
      try make(state.path)
      let (lines, log) = try lua(
        state,
        """
        for now = 1000000, 1010000, 500 do put(generations.read(slot, now)) end
        put(is_good(0, 999600, 1000000), is_good(0, 999500, 1000000), is_good(7, 1000000, 1000000))
        """)
      XCTAssertEqual(lines, Array(repeating: "0", count: 21) + ["true false false"], reason)
      XCTAssertEqual(log.components(separatedBy: "half a second only").count, 2, log)
      XCTAssertTrue(log.contains(reason), log)
      XCTAssertTrue(log.contains("chmod o+x"), log)
    }
  }

  /// As the invalidator does when the path doesn't name its file any more.
  func testAPageThatTookItsPlaceIsOpenedOnceTheBeatIsOldAndAtMostOnceASecond() throws {
    let state = try ScratchDirectory()
    let next = try ScratchDirectory()
    let first = try GenerationPage(in: state.path, counter: 7)
    let second = try GenerationPage(in: next.path, counter: 8)
    first.beat(1_000_000)
    second.beat(1_005_000)
    let (lines, log) = try lua(
      state,
      """
      put(generations.read(slot, 1000000))
      assert(os.rename("\(next.path)/generations", "\(state.path)/generations"))
      for _, now in ipairs { 1000500, 1000501, 1000999, 1001000 } do
        put(now, generations.read(slot, now))
      end
      put(is_good(7, 1, 1005000), is_good(8, 1, 1005000))
      assert(os.remove("\(state.path)/generations"))
      put(generations.read(slot, 1007000), is_good(8, 1, 1005000))
      """)
    let reads = ["1000500 7", "1000501 7", "1000999 7", "1001000 8"]
    // Where no page is to be had, the old one stays.
    XCTAssertEqual(lines.map(String.init), ["7"] + reads + ["false true", "8 true"], log)
  }

  func testASilentInvalidatorIsToldOfOnceAndItsReturnToo() throws {
    let state = try ScratchDirectory()
    let page = try GenerationPage(in: state.path, counter: 7)
    page.beat(1_000_000)
    let (lines, log) = try lua(
      state,
      """
      for now = 1000000, 1020000, 700 do generations.read(slot, now) end
      local file = assert(io.open("\(state.path)/generations", "r+"))
      file:seek("set", 16)
      file:write(string.char(0x40, 0x42, 0x0F, 0, 0, 0, 0, 0))
      file:close()
      for now = 1000000, 1000400, 100 do put(generations.read(slot, now)) end
      """)
    XCTAssertEqual(lines, Array(repeating: "7", count: 5))
    XCTAssertEqual(log.components(separatedBy: "the invalidator does not beat").count, 2, log)
    XCTAssertEqual(log.components(separatedBy: "are heard again").count, 2, log)
  }

  /// nginx's site of a release before, with the Lua files of this one.
  func testWithoutAStateDirectoryItGoesByHalfASecondAndSaysWhatToDo() throws {
    let (lines, log) = try lua(
      "nil",
      """
      put(generations.read(slot, 1000000))
      put(is_good(0, 999600, 1000000), is_good(0, 999500, 1000000))
      """)
    XCTAssertEqual(lines, ["0", "true false"])
    XCTAssertTrue(log.contains("print it again by `swiftlet site`"), log)
  }
}
