import Clicks
import EngineSupport
import Foundation
import Journals
import Metrics
import Service
import XCTest

/// What others may have put into the journals' directory, and what an earlier release left there.
final class HostileDirectoryTests: XCTestCase {
  private var root = ""
  private var journals: JournalDirectory { JournalDirectory(root + "/journal") }
  private var state: StateDirectory { StateDirectory(root + "/state") }

  override func setUpWithError() throws {
    root = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))"
    try journals.make()
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: root) }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func read(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }

  private func name(_ number: UInt64) -> String { journals.file(JournalID(rawValue: number)) }

  func testOnlyRegularFilesOfAnExpectedOwnerWithOneNameAreJournals() throws {
    try write("outside\n", to: root + "/outside")
    try write("mine\n", to: name(1))
    symlink(root + "/outside", name(2))
    symlink(name(3), name(3))
    XCTAssertEqual(mkfifo(name(4), 0o666), 0)
    XCTAssertEqual(mkdir(name(5), 0o777), 0)
    XCTAssertEqual(link(root + "/outside", name(6)), 0)
    XCTAssertEqual(try journals.journals(), [JournalID(rawValue: 1)])
    XCTAssertEqual(try journals.bytes(), 5)
    // None of them is waited for.
    let settings = try Settings(
      Variables(["JOURNAL_DIR": journals.path, "STATE_DIR": state.path]))
    XCTAssertEqual(MetricsReader(settings, beatAge: { 0 }).read().journals?.files, 1)
  }

  func testAFileOfAnotherUserIsAJournalOnlyWithTheDirectorysGroup() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can give files away")
    chown(journals.path, 0, 65_534)
    for (number, owner, group) in [(1, 33, 65_534), (2, 33, 33), (3, 0, 0)]
      as [(UInt64, uid_t, gid_t)]
    {
      try write("line\n", to: name(number))
      XCTAssertEqual(chown(name(number), owner, group), 0)
    }
    XCTAssertEqual(
      Set(try journals.journals()), [JournalID(rawValue: 1), JournalID(rawValue: 3)])
  }

  func testSparseFilesOfAnyLengthAreNoReasonToTrap() throws {
    for number in 1...3 as ClosedRange<UInt64> {
      try write("", to: name(number))
      XCTAssertEqual(truncate(name(number), 1 << 43), 0)
    }
    XCTAssertEqual(try journals.bytes(), 3 << 43)
    let writer = try ClickJournal(directory: journals.path, state: state, segmentBytes: 1 << 16)
    XCTAssertFalse(writer.record(.sample(1)))
  }

  func testStateThatOthersMayWriteToIsRefused() throws {
    try state.make()
    var status = stat()
    XCTAssertEqual(stat(state.path, &status), 0)
    // Others may pass, for one file of nginx's fast path, and read nothing.
    XCTAssertEqual(status.st_mode & 0o777, 0o711)
    for mode in [0o770, 0o702] as [mode_t] {
      chmod(state.path, mode)
      XCTAssertThrowsError(try state.make())
    }
    chmod(state.path, 0o755)
    XCTAssertNoThrow(try state.make())
    if geteuid() == 0 {
      chown(state.path, 33, 33)
      XCTAssertThrowsError(try state.make())
    }
  }

  func testAnEarlierReleasesProgressAndDropsAreTakenOverOnce() throws {
    try state.make()
    let lines = (0..<128).map { String(repeating: "0", count: 19) + "\($0 % 2)\n" }.joined()
    try write(lines, to: journals.path + "/.dropped")
    try write("00000000000000aa 7\n", to: journals.path + "/.relay-cursors")
    XCTAssertEqual(state.takeOver(from: journals).sorted(), [".dropped", ".relay-cursors"])
    XCTAssertEqual(DropCounter.total(in: state), 64)
    XCTAssertEqual(read(state.cursors), "00000000000000aa 7\n")
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: journals.path), [])
    // What comes later is somebody else's.
    try write("00000000000000bb 9\n", to: journals.path + "/.relay-cursors")
    XCTAssertEqual(state.takeOver(from: journals), [])
    XCTAssertEqual(read(state.cursors), "00000000000000aa 7\n")
  }

  func testWhatOthersCouldHaveWrittenIsNotTakenOver() throws {
    try state.make()
    let old = journals.path + "/.relay-cursors"
    try write("outside 1\n", to: root + "/outside")
    let makers: [(String) throws -> Void] = [
      { symlink(self.root + "/outside", $0) }, { mkfifo($0, 0o600) }, { mkdir($0, 0o700) },
      { link(self.root + "/outside", $0) },
      {
        try self.write("x 1\n", to: $0)
        chmod($0, 0o660)
      },
    ]
    for make in makers {
      try make(old)
      XCTAssertEqual(state.takeOver(from: journals), [])
      XCTAssertNil(read(state.cursors))
      try FileManager.default.removeItem(atPath: old)
    }
    XCTAssertEqual(read(root + "/outside"), "outside 1\n")
  }
}
