import Foundation
import TestSupport
import XCTest

/// A test that asks `swiftlet doctor` about the stack's site.
class DoctorSiteTestCase: XCTestCase {
  func doctor(_ variables: [String: String] = [:]) throws -> (status: Int32, output: String) {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor"],
      environment: variables)
  }

  func assertHas(
    _ output: String, _ lines: String..., file: StaticString = #filePath, line: UInt = #line
  ) {
    for text in lines {
      XCTAssertTrue(output.contains(text), "\(text)\n\(output)", file: file, line: line)
    }
  }

  /// Does what the advice says.
  func restart(_ pool: String) throws {
    try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["restart", pool])
  }
}
