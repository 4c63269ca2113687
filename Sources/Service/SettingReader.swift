/// Reads single variables by kind; a value that won't do is named with what it should look like.
struct SettingReader {
  private let variables: Variables

  init(_ variables: Variables) {
    self.variables = variables
  }

  func text(_ name: String, default fallback: String) throws(SettingError) -> String {
    let value = variables[name] ?? fallback
    guard !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw SettingError(name: name, value: value, expected: "one line without control characters")
    }
    return value
  }

  func integer(
    _ name: String, default fallback: Int, in range: ClosedRange<Int>
  ) throws(SettingError) -> Int {
    guard let value = variables[name] else { return fallback }
    guard let integer = Int(value), range.contains(integer) else {
      throw SettingError(
        name: name, value: value,
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  func choice(
    _ name: String, default fallback: String, of choices: [String]
  ) throws(SettingError) -> String {
    let value = variables[name] ?? fallback
    guard choices.contains(value) else {
      throw SettingError(
        name: name, value: value, expected: "one of " + choices.joined(separator: ", "))
    }
    return value
  }

  /// Names with commas or blanks between them.
  func list(_ name: String) throws(SettingError) -> [String] {
    try text(name, default: "")
      .split(whereSeparator: { $0 == "," || $0 == " " })
      .map { $0.lowercased() }
  }

  /// A URL by its scheme only: its parts are read by the wrapper that connects with it.
  func url(
    _ name: String, default fallback: String, schemes: [String], expected: String
  ) throws(SettingError) -> String {
    let value = try text(name, default: fallback)
    guard schemes.contains(where: { value.hasPrefix($0 + "://") && value.count > $0.count + 3 })
    else { throw SettingError(name: name, value: value, expected: expected) }
    return value
  }

  func baseURL(_ name: String, default fallback: String) throws(SettingError) -> BaseURL {
    let value = try text(name, default: fallback)
    guard let url = BaseURL(value) else {
      throw SettingError(name: name, value: value, expected: BaseURL.form)
    }
    return url
  }
}
