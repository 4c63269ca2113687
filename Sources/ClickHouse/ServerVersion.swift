/// A server's version by its first two numbers, which tell its abilities.
package struct ServerVersion: Comparable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `18.16.1` or `26.9.2.1`; nil for anything that doesn't begin with two numbers.
  package init?(_ text: String) {
    let parts = text.split(separator: ".")
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else {
      return nil
    }
    self.init(major: major, minor: minor)
  }

  package var description: String { "\(major).\(minor)" }

  package static func < (left: ServerVersion, right: ServerVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// Settings that execute an INSERT at once, as one block, and never as a repeat of another.
  ///
  /// Current servers gather small inserts and answer later, or drop one that equals the previous
  /// one. Older ones refuse unknown settings.
  package var insertSettings: [String: String] {
    var settings = [
      "max_insert_block_size": "1048576",
      "min_insert_block_size_rows": "1048576",
      "min_insert_block_size_bytes": "0",
      "insert_deduplicate": "0",
    ]
    if self >= ServerVersion(major: 21, minor: 12) {
      settings["async_insert"] = "0"
      settings["max_insert_threads"] = "1"
    }
    return settings
  }
}
