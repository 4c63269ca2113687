import Foundation
import TestSupport
import XCTest

/// The programs as an operator and the loader see them.
final class ProgramProcessTests: XCTestCase {
  func testAProgramSaysWhatItIsAndWhatItCannotUse() throws {
    for program in [
      "shortener", "api", "analytics", "relay", "consumer", "invalidator", "dispatcher",
    ] {
      let path = TestStack.programs.appendingPathComponent(program).path
      let help = try Command.run(path, ["--help"])
      XCTAssertEqual(help.status, 0)
      XCTAssertTrue(help.output.hasPrefix(program), help.output)
      XCTAssertEqual(try Command.run(path, ["--frobnicate"]).status, 64)
      let wrong = try Command.run(path, [], environment: ["CACHE_TTL": "soon"])
      XCTAssertEqual(wrong.status, 78)
      XCTAssertEqual(
        wrong.output,
        "\(program): CACHE_TTL: \"soon\" is not valid; it should be a whole number from 1 to 31536000\n"
      )
    }
  }

  /// Each library where it belongs, and Foundation nowhere near a request.
  func testTheProgramsLinkWhatTheyNeed() throws {
    let libraries = [
      "shortener": ["libfcgi", "libpq", "libhiredis"], "api": ["libfcgi", "libpq", "libhiredis"],
      "analytics": ["libfcgi", "libpq", "libcurl"], "relay": ["librabbitmq"],
      "consumer": ["librabbitmq", "libcurl"], "invalidator": ["libhiredis"],
      "dispatcher": ["libpq", "libhiredis"],
    ]
    for (program, needed) in libraries {
      let output = try Command.output(
        "/usr/bin/ldd", [TestStack.programs.appendingPathComponent(program).path])
      for library in needed { XCTAssertTrue(output.contains(library), "\(program): \(library)") }
      XCTAssertFalse(output.contains("libFoundation.so"), program)
    }
  }
}
