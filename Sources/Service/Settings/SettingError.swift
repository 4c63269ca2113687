/// A variable whose value can't be used: which one, and what it should look like.
package struct SettingError: Error, Equatable, CustomStringConvertible {
  package let name: String
  package let value: String
  package let expected: String

  package init(name: String, value: String, expected: String) {
    self.name = name
    self.value = value
    self.expected = expected
  }

  /// The value itself is left out where it may hold a password.
  package var description: String {
    let shown =
      value.utf8.contains(UInt8(ascii: "@")) || name == "PG_DSN" ? "its value" : "\"\(value)\""
    return "\(name): \(shown) won't do; it should be \(expected)"
  }
}
