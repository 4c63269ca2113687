import Foundation
import TestSupport
import XCTest

/// A working directory of a test's own, and `swiftlet settings` in it.
class SettingsTestCase: XCTestCase {
  private(set) var directory = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    directory = URL(fileURLWithPath: "/tmp/swiftlet-settings-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: directory)
  }

  /// Runs it with these variables alone.
  func settings(
    _ arguments: [String], _ variables: [String: String] = ["SWIFTLET_ENV": "/dev/null"]
  ) throws -> (status: Int32, output: String) {
    let words = variables.map { "\($0.key)=\($0.value)" }
    return try Command.run(
      "/usr/bin/env",
      ["-i", "-C", directory.path] + words
        + [TestStack.programs.appendingPathComponent("swiftlet").path, "settings"] + arguments)
  }
}
