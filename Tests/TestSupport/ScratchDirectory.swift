import Foundation
import Glibc
import Synchronization

/// A directory of a test's own in /tmp, which goes with all that is in it.
///
/// XCTest keeps each test until the process ends, so a directory that is a test's property goes then.
/// Its path is short: a Unix socket's has 107 bytes at most.
package final class ScratchDirectory: Sendable {
  private static let kept = Mutex<Set<String>>([])
  private static let atExit: Void = {
    atexit { ScratchDirectory.kept.withLock { $0 }.forEach(ScratchDirectory.remove) }
  }()

  package let path: String

  /// Makes it.
  ///
  /// - Parameter name: Tells in /tmp whose it is.
  /// - Throws: When it can't be made.
  package init(_ name: String = "test") throws {
    var template = Array("/tmp/swiftlet-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Socket.Failure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    _ = Self.atExit
    _ = Self.kept.withLock { [path] in $0.insert(path) }
  }

  deinit {
    Self.remove(path)
    _ = Self.kept.withLock { [path] in $0.remove(path) }
  }

  private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in it.
  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Makes a directory in it.
  package func make(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    return self(name)
  }
}
