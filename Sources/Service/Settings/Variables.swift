import Glibc

/// The environment variables of this process, merged over those of a settings file.
///
/// A line of the file is `NAME=value`. Blank lines and lines that begin with `#` are skipped, and
/// quotes around a value are removed. The process's own environment wins.
package struct Variables {
  private let environment: [String: String]
  /// The settings file that was read, if any.
  package let file: String?
  private let fileValues: [String: String]

  package init(
    _ environment: [String: String], file: String? = nil, fileValues: [String: String] = [:]
  ) {
    self.environment = environment
    self.file = file
    self.fileValues = fileValues
  }

  /// The names in the file, sorted.
  package var fileNames: [String] { fileValues.keys.sorted() }

  /// The variables of this process and of its settings file.
  ///
  /// - Throws: `SettingError` when the file can't be read.
  package static func load() throws(SettingError) -> Variables {
    try load(processEnvironment(), places: SettingsFile.places)
  }

  /// The same for a command for the host: it passes over the working directory's file where the programs
  /// have theirs.
  ///
  /// - Throws: `SettingError` when the file can't be read.
  package static func loadOfHost() throws(SettingError) -> Variables {
    try load(processEnvironment(), places: SettingsFile.placesOfHost)
  }

  /// The variables of an environment and of a settings file.
  ///
  /// The file is the one that `SWIFTLET_ENV` names, else the first that exists.
  static func load(
    _ environment: [String: String], places: [String]
  ) throws(SettingError) -> Variables {
    let named = environment["SWIFTLET_ENV"].flatMap { $0.isEmpty ? nil : $0 }
    for path in named.map({ [$0] }) ?? places {
      guard let text = try SettingsFile.contents(of: path, isNamed: named != nil) else {
        continue
      }
      return Variables(environment, file: path, fileValues: parseFile(text))
    }
    return Variables(environment)
  }

  /// The value of a variable; an empty value counts as not set.
  package subscript(name: String) -> String? {
    [environment[name], fileValues[name]].compactMap(\.self).first { !$0.isEmpty }
  }

  /// A complaint, with the file if the value is from there.
  package func located(_ error: SettingError) -> SettingError {
    let isFromFile = environment[error.name, default: ""].isEmpty && fileValues[error.name] != nil
    return SettingError(
      name: error.name, value: error.value, expected: error.expected,
      file: isFromFile ? file : nil)
  }

  /// Whether the environment gives a setting a value that it wouldn't have by the file alone.
  package func isInEnvironmentAlone(_ setting: Setting) -> Bool {
    let own = Variables([:], fileValues: fileValues)[setting.name] ?? setting.fallback
    return environment[setting.name].map { !$0.isEmpty && $0 != own } ?? false
  }

  package static func parseFile(_ text: String) -> [String: String] {
    let bytes = Array(text.utf8)
    return Dictionary(
      lines(of: bytes).map { ($0.name, String(decoding: bytes[$0.value], as: UTF8.self)) }
    ) { _, last in last }
  }

  /// The lines of a settings file that are `NAME=value`, in their order.
  package static func lines(of bytes: [UInt8]) -> [Line] {
    // A byte order mark, as some editors write it, is no part of a name.
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    return text.split { $0 == 0x0A || $0 == 0x0D }.compactMap(Line.init)
  }

  /// A line `NAME=value` of a settings file.
  package struct Line {
    package let name: String
    /// The place of its value in the file's bytes, without quotes.
    package let value: Range<Int>

    fileprivate init?(_ raw: ArraySlice<UInt8>) {
      var line = Self.trimmed(raw)
      if line.starts(with: "export ".utf8) { line = Self.trimmed(line.dropFirst(7)) }
      guard line.first != UInt8(ascii: "#"), let equals = line.firstIndex(of: UInt8(ascii: "="))
      else { return nil }
      var value = Self.trimmed(line[(equals + 1)...])
      if value.count >= 2, let quote = value.first, quote == value.last,
        quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      {
        value = value.dropFirst().dropLast()
      }
      name = String(decoding: Self.trimmed(line[..<equals]), as: UTF8.self)
      self.value = value.startIndex..<value.endIndex
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      var line = line
      while let first = line.first, first == 0x20 || first == 0x09 { line = line.dropFirst() }
      while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
      return line
    }
  }

  private static func processEnvironment() -> [String: String] {
    var values: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
        values[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
      }
      entry += 1
    }
    return values
  }
}
