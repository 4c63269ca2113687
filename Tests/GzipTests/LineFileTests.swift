import Foundation
import Gzip
import TestSupport
import XCTest

final class LineFileTests: XCTestCase {
  private let path = NSTemporaryDirectory() + "lines-\(UUID().uuidString)"

  override func tearDown() {
    for suffix in ["", ".gz"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  private func write(_ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func lines(_ path: String) throws -> [(bytes: [UInt8], isEnded: Bool)] {
    let file = try LineFile(path)
    var lines: [(bytes: [UInt8], isEnded: Bool)] = []
    while let line = try file.nextLine() { lines.append(line) }
    return lines
  }

  func testAPlainFileAndACompressedOneHaveTheSameLines() throws {
    // More than one buffer of them, and one line of every length from none on.
    let text = (0..<1500).map { String(repeating: "x", count: $0) + "\n" }.joined() + "no end"
    try write(text.utf8)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      Array($0.utf8)
    }
    XCTAssertEqual(try lines(path).map(\.bytes), expected)
    XCTAssertEqual(try lines(path).map(\.isEnded).firstIndex(of: false), 1500)
    try Command.check("/bin/gzip", [path])
    XCTAssertEqual(try lines(path + ".gz").map(\.bytes), expected)
    XCTAssertEqual(try lines(path + ".gz").map(\.isEnded).firstIndex(of: false), 1500)
  }

  func testALineWithoutAnEndIsGivenUpToTheLimitAndTheNextOneIsWhole() throws {
    let limit = LineFile.maximumLineBytes
    try write([UInt8](repeating: 0x61, count: 3 * limit) + Array("\nnext\n".utf8))
    XCTAssertEqual(try lines(path).map(\.bytes.count), [limit, 4])
  }

  func testAnEmptyFileHasNoLines() throws {
    try write([])
    XCTAssertEqual(try lines(path).count, 0)
    try Command.check("/bin/gzip", [path])
    XCTAssertEqual(try lines(path + ".gz").count, 0)
  }

  func testACompressedFileThatIsCutOffOrDamagedIsAnErrorWithItsPath() throws {
    try write((0..<100_000).map { "line \($0)\n" }.joined().utf8)
    try Command.check("/bin/gzip", [path])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
    var damaged = whole
    damaged[whole.count / 2] ^= 0xFF
    for bytes in [whole.prefix(whole.count / 2), whole.dropLast(4), damaged] {
      try write(bytes)
      XCTAssertThrowsError(try lines(path)) { error in
        XCTAssertEqual((error as? LineFileError)?.path, path)
        XCTAssertEqual((error as? LineFileError)?.reason.isEmpty, false)
      }
    }
  }

  func testAFileThatIsNotThereAndADirectoryAreErrors() throws {
    XCTAssertThrowsError(try lines(path)) { XCTAssertTrue("\($0)".contains("No such file")) }
    XCTAssertThrowsError(try lines("/"))
  }
}
