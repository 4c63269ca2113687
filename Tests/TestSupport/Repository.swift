package import Foundation

/// The files of this repository, for tests that compare code with what is written beside it.
package enum Repository {
  /// A file or directory by its path from the repository's own directory.
  package static func url(_ path: String) -> URL {
    root.appendingPathComponent(path)
  }

  package static func text(_ path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
