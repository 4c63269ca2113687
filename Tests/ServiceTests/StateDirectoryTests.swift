import Glibc
import Service
import TestSupport
import XCTest

final class StateDirectoryTests: XCTestCase {
  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  /// nginx's user finds the page of generations, by its name alone.
  func testANewOneCanBeSearchedByOthersAndNeitherListedNorWrittenTo() throws {
    let mask = umask(0o022)
    defer { umask(mask) }
    let directory = try ScratchDirectory("state")
    let state = StateDirectory(directory("state"))
    try state.make()
    XCTAssertEqual(mode(state.path), 0o711)
  }

  func testOneThatIsThereKeepsItsRights() throws {
    let directory = try ScratchDirectory("state")
    for kept: mode_t in [0o700, 0o750, 0o755] {
      XCTAssertEqual(chmod(directory.path, kept), 0)
      try StateDirectory(directory.path).make()
      XCTAssertEqual(mode(directory.path), kept)
    }
  }
}
