import Foundation
import Glibc

/// A directory of a test's own in /tmp, which goes with all that is in it.
///
/// Its path is short: a Unix socket's has 107 bytes at most.
package final class ScratchDirectory: Sendable {
  package let path: String

  /// Makes it.
  ///
  /// - Parameter name: Tells in /tmp whose it is.
  /// - Throws: When it can't be made.
  package init(_ name: String = "test") throws {
    var template = Array("/tmp/swiftlet-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Socket.Failure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in it.
  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Makes a directory in it.
  package func make(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    return self(name)
  }
}
