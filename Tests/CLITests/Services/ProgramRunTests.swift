import XCTest

@testable import swiftlet

/// Other programs that a command runs: what arrives there, and what comes back.
final class ProgramRunTests: XCTestCase {
  func testEachArgumentArrivesAsItIsAndBothOutputsComeBackApart() throws {
    let result = try ProgramRun.run(
      "sh", ["-c", #"printf '%s|' "$@"; echo wrong >&2; exit 7"#, "sh", "a b", "$HOME", "'\""])
    XCTAssertEqual(result.status, 7)
    XCTAssertEqual(result.output, #"a b|$HOME|'"|"#)
    XCTAssertEqual(result.errors, "wrong\n")
  }

  func testMoreThanAPipeHoldsGoesThroughBothWays() throws {
    let input = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
    let result = try ProgramRun.run("sh", ["-c", "tee /dev/stderr"], input: input)
    XCTAssertEqual(result.output.utf8.count, input.count)
    XCTAssertEqual(result.errors.utf8.count, input.count)
  }

  func testAProgramThatReadsNothingHoldsNobodyUp() throws {
    // As in a command: a program that has gone would end us otherwise.
    signal(SIGPIPE, SIG_IGN)
    let input = [UInt8](repeating: 0, count: 1_000_000)
    XCTAssertEqual(try ProgramRun.run("true", input: input).status, 0)
  }

  func testVariablesAreAddedToOurOwn() throws {
    let words = ["-c", #"echo "$ADDED:${PATH:+path}""#]
    XCTAssertEqual(
      try ProgramRun.check("sh", words, environment: ["ADDED": "1=2"]), "1=2:path\n")
  }

  func testASignalIsTold() throws {
    let status = try ProgramRun.run("sh", ["-c", "kill -KILL $$"]).status
    XCTAssertEqual(status, 128 + SIGKILL)
  }

  func testAFailureIsOneLineWithTheProgramsOwnReason() throws {
    XCTAssertThrowsError(try ProgramRun.check("sh", ["-c", "echo first; echo why >&2; exit 3"])) {
      XCTAssertEqual("\($0)", "sh -c echo first; echo why >&2; exit 3 failed (status 3): why")
    }
    XCTAssertThrowsError(try ProgramRun.run("no-such-program")) {
      XCTAssertEqual("\($0)", "can't run no-such-program: No such file or directory")
    }
    XCTAssertThrowsError(try ProgramRun.run("/etc/passwd")) {
      XCTAssertEqual("\($0)", "can't run /etc/passwd: Permission denied")
    }
  }
}
