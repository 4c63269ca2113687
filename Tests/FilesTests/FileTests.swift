import Foundation
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import XCTest

@testable import Files

/// Files on a real disk, and calls that a signal interrupts.
final class FileTests: XCTestCase {
  private let root = NSTemporaryDirectory() + "swiftlet-test-\(UUID().uuidString)"
  private var path: String { root + "/file" }

  override func setUpWithError() throws { try Files.Directory.make(root, mode: 0o750) }

  override func tearDown() { try? FileManager.default.removeItem(atPath: root) }

  private func read(_ file: File, at offset: Int, _ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try bytes.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try file.read(at: offset, into: buffer)
    }
    return Array(bytes.prefix(got))
  }

  // MARK: - System calls

  func testACallThatASignalInterruptsIsMadeAgain() throws {
    var calls = 0
    let result = try SystemCall.retry {
      calls += 1
      errno = EINTR
      return calls < 3 ? -1 : 7
    }
    XCTAssertEqual(result, 7)
    XCTAssertEqual(calls, 3)
  }

  func testACallThatFailsOtherwiseIsMadeOnceAndSaysWhy() throws {
    var calls = 0
    let error = try assertThrows(Errno.self) {
      try SystemCall.retry {
        calls += 1
        errno = EIO
        return -1
      }
    }
    XCTAssertEqual(error, .ioError)
    XCTAssertEqual(calls, 1)
  }

  // MARK: - Replacing

  func testAFileIsReplacedAsAWholeWithTheOwnerThatIsWanted() throws {
    try "old".write(toFile: path, atomically: false, encoding: .utf8)
    XCTAssertEqual(chmod(path, 0o604), 0)
    let model = try File.status(of: path)
    try File.replace(
      path, with: Array("new".utf8), mode: model.st_mode & 0o7777, owner: model)
    let status = try File.status(of: path)
    XCTAssertNotEqual(status.st_ino, model.st_ino)
    XCTAssertEqual(status.st_mode, model.st_mode)
    XCTAssertEqual([status.st_uid, status.st_gid], [model.st_uid, model.st_gid])
    XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "new")
  }

  func testAFileThatCannotBeReplacedStaysAndLeavesNoDraft() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let error = try assertThrows(FileError.self) { try File.replace(path, with: [1]) }
    XCTAssertEqual(error.code, EISDIR)
    XCTAssertFalse(File.exists(File.fresh(path)))
  }

  // MARK: - Opening

  func testEachPurposeMakesWhatItMayMakeAndNoMore() throws {
    for purpose in [File.Purpose.reading, .updating] {
      let error = try assertThrows(FileError.self) { _ = try File(path, for: purpose) }
      XCTAssertEqual(error.code, ENOENT)
      XCTAssertEqual(error.path, path)
      XCTAssertEqual(error.description, "can't open \(path): No such file or directory")
    }
    let first = try File(path, for: .beginning)
    try first.write(Array("abc".utf8))
    XCTAssertEqual(try first.status().st_mode & 0o777, 0o640)
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try File(path, for: .beginning) }.code, EEXIST)
    try File(path, for: .appending).write(Array("de".utf8))
    try File(path, for: .sharing).write(Array("X".utf8), at: 1)
    XCTAssertEqual(try File(path, for: .reading).bytes(), Array("aXcde".utf8))
    try File(path, for: .replacing).write(Array("n".utf8))
    XCTAssertEqual(try File(path, for: .reading).bytes(), Array("n".utf8))
  }

  func testASymbolicLinkIsFollowedOnlyWhereThatIsSaid() throws {
    try File(path, for: .replacing).write(Array("abc".utf8))
    let link = root + "/link"
    XCTAssertEqual(symlink(path, link), 0)
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try File(link, for: .reading) }.code, ELOOP)
    XCTAssertEqual(
      try File(link, for: .reading, followsLinks: true).bytes(), Array("abc".utf8))
    XCTAssertTrue(File.exists(link))
  }

  func testADescriptorIsClosedWithItsFile() throws {
    let before = try openDescriptors()
    for _ in 0..<20 { _ = try File(path, for: .sharing) }
    for _ in 0..<20 { _ = try Files.Directory(root).names() }
    XCTAssertEqual(try openDescriptors(), before)
  }

  private func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }

  // MARK: - Reading and writing

  func testReadingEndsWithTheFileOrTheBuffer() throws {
    let file = try File(path, for: .sharing)
    try file.write(Array("abcdef".utf8))
    XCTAssertEqual(try read(file, at: 2, 3), Array("cde".utf8))
    XCTAssertEqual(try read(file, at: 4, 10), Array("ef".utf8))
    XCTAssertEqual(try read(file, at: 6, 10), [])
    XCTAssertEqual(try read(file, at: 0, 0), [])
    XCTAssertEqual(try file.size(), 6)
    try file.resize(to: 2)
    XCTAssertEqual(try file.size(), 2)
  }

  func testNoMoreThanTheLimitIsReadOfAWholeFile() throws {
    let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
    try File(path, for: .replacing).write(bytes)
    XCTAssertEqual(try File(path, for: .reading).bytes(atMost: 50_000), bytes)
    let error = try assertThrows(FileError.self) {
      _ = try File(path, for: .reading).bytes(atMost: 49_999)
    }
    XCTAssertEqual(error.code, EFBIG)
  }

  func testAFileThatIsReplacedIsTheOldOneOrTheNewOne() throws {
    try File.replace(path, with: Array("old".utf8))
    let old = try File(path, for: .reading)
    try File.replace(path, with: Array("new".utf8))
    XCTAssertEqual(try old.bytes(), Array("old".utf8), "who has it open reads on")
    XCTAssertFalse(old.isInPlace)
    XCTAssertFalse(old.isLinked)
    XCTAssertEqual(try File(path, for: .reading).bytes(), Array("new".utf8))
    XCTAssertEqual(try Files.Directory(root).names(), ["file"], "nothing else is left")
  }

  func testAWriteBeyondTheDiskIsAnError() throws {
    let full = try File("/dev/full", for: .updating, followsLinks: true)
    let error = try assertThrows(FileError.self) { try full.write([1, 2, 3]) }
    XCTAssertEqual(error.code, ENOSPC)
  }

  // MARK: - Locks and pages

  func testOneAtATimeHasTheLockUntilItsFileIsClosed() throws {
    var first: FileLock? = try FileLock.take(path)
    XCTAssertNotNil(first)
    XCTAssertNil(try FileLock.take(path))
    first = nil
    XCTAssertNotNil(try FileLock.take(path))
  }

  func testCellsOfOneFileAreSharedAndThoseWithoutAreNot() throws {
    let one = try SharedCells(path)
    let other = try SharedCells(path)
    one.cells[3].store(42, ordering: .relaxed)
    XCTAssertEqual(other.cells[3].load(ordering: .relaxed), 42)
    XCTAssertTrue(one.lock())
    XCTAssertFalse(other.lock())
    one.unlock()
    XCTAssertTrue(other.lock())

    let own = SharedCells()
    XCTAssertEqual(own.cells[3].load(ordering: .relaxed), 0)
    XCTAssertTrue(own.lock())
    XCTAssertTrue(SharedCells().lock())
  }

  func testAPageOfAnotherLengthIsNotMappedForReading() throws {
    try File(path, for: .replacing).write([1, 2, 3])
    let file = try File(path, for: .reading)
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try MappedPage(reading: file, count: 4) }.code, EINVAL)
    let page = try MappedPage(reading: file, count: 3)
    withExtendedLifetime(page) {
      XCTAssertEqual(page.bytes.load(fromByteOffset: 2, as: UInt8.self), 3)
    }
  }

  // MARK: - Directories

  func testADirectoryListsItsNamesAndOpensRegularFilesOnly() throws {
    for name in ["a", "b"] { try File(root + "/" + name, for: .replacing).write([1]) }
    XCTAssertEqual(symlink("a", root + "/link"), 0)
    XCTAssertEqual(mkfifo(root + "/fifo", 0o640), 0)
    let directory = try Files.Directory(root)
    XCTAssertEqual(try directory.names().sorted(), ["a", "b", "fifo", "link"])
    XCTAssertEqual(try directory.openFile("a")?.file.bytes(), [1])
    XCTAssertNil(try directory.openFile("missing"))
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try directory.openFile("link") }.code, ELOOP)
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try directory.openFile("fifo") }.code, EINVAL)
    try File.link(root + "/a", as: root + "/c")
    XCTAssertEqual(
      try assertThrows(FileError.self) { _ = try directory.openFile("c") }.code, EMLINK)
    try directory.remove("c")
    try directory.remove("c")
    XCTAssertNotNil(try directory.openFile("a"))
  }
}
