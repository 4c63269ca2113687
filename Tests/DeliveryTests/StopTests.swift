import Foundation
import Glibc
import TestSupport
import XCTest

/// How the programs of this room end.
final class StopTests: XCTestCase {
  func testAProgramThatIsAskedToStopEndsInPeace() throws {
    for program in ["invalidator", "dispatcher"] {
      let directory = try ScratchDirectory("delivery")
      let process = try ChildProcess(
        TestStack.programs.appending(path: program).path,
        environment: ["SWIFTLET_ENV": "/dev/null", "STATE_DIR": directory("state")],
        output: directory("log"))
      XCTAssertTrue(
        eventually(seconds: 30) {
          (try? String(contentsOfFile: directory("log"), encoding: .utf8))?.contains("ready")
            ?? false
        }, program)
      process.signal(SIGTERM)
      XCTAssertEqual(process.wait(seconds: 30), 0, program)
    }
  }
}
