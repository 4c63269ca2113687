package import Foundation

/// The private stack that a test run stands on, as its environment variables describe it.
///
/// `make test` starts the stack and sets them; a test that needs one fails when it is missing.
package enum TestStack {
  package struct Missing: Error, CustomStringConvertible {
    package let name: String
    package var description: String {
      "\(name) is not set: these tests need the private stack that `make test` starts"
    }
  }

  /// The value of one variable of the stack, such as `PG_DSN` or `BASE_URL`.
  package static func value(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
      throw Missing(name: name)
    }
    return value
  }

  /// The directory with the programs that this test run was built with.
  package static var programs: URL {
    Bundle.main.executableURL?.deletingLastPathComponent() ?? URL(fileURLWithPath: ".build/debug")
  }
}
