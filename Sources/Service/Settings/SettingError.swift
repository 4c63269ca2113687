/// A variable with an invalid value: its name, the valid form, and the file with the value if known.
package struct SettingError: Error, Equatable, CustomStringConvertible {
  package let name: String
  package let value: String
  package let expected: String
  package let file: String?

  package init(name: String, value: String, expected: String, file: String? = nil) {
    self.name = name
    self.value = value
    self.expected = expected
    self.file = file
  }

  /// One line; without the value if that may hold a password or has control characters.
  package var description: String {
    let isUnshown =
      name.hasSuffix("_DSN") || name.hasSuffix("_KEY")
      || value.utf8.contains { $0 == UInt8(ascii: "@") || $0 < 0x20 || $0 == 0x7F }
    let shown = isUnshown ? "its value" : "\"\(value)\""
    let place = file.map { "\($0): " } ?? ""
    return "\(place)\(name): \(shown) is not valid; it should be \(expected)"
  }
}
