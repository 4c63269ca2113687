import Glibc

/// The environment variables of this process, laid over those of a `.env` file.
///
/// The file is the one that `SWIFTLET_ENV` names, else `.env` in the working directory; a line is
/// `NAME=value`, blank lines and lines that begin with `#` are passed over, quotes around a value
/// are taken off. What the process was given itself wins.
package struct Variables {
  private let values: [String: String]

  package init(_ values: [String: String]) {
    self.values = values
  }

  /// - Throws: `SettingError` when `SWIFTLET_ENV` names a file that can't be read.
  package static func load() throws(SettingError) -> Variables {
    let process = processEnvironment()
    let named = process["SWIFTLET_ENV"]
    guard let text = contents(of: named ?? ".env") else {
      if let named {
        throw SettingError(name: "SWIFTLET_ENV", value: named, expected: "a file that can be read")
      }
      return Variables(process)
    }
    return Variables(parseFile(text).merging(process) { _, process in process })
  }

  /// The value of a variable; one that is set to nothing counts as not set.
  package subscript(name: String) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  package static func parseFile(_ text: String) -> [String: String] {
    var values: [String: String] = [:]
    for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      var line = trimmed(line)
      if line.starts(with: "export ".utf8) { line = trimmed(line.dropFirst(7)) }
      guard line.first != UInt8(ascii: "#"), let equals = line.firstIndex(of: UInt8(ascii: "="))
      else { continue }
      var value = trimmed(line[line.index(after: equals)...])
      if value.count >= 2, let quote = value.first, quote == value.last,
        quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
      {
        value = value.dropFirst().dropLast()
      }
      values[String(decoding: trimmed(line[..<equals]), as: UTF8.self)] =
        String(decoding: value, as: UTF8.self)
    }
    return values
  }

  private static func trimmed(_ line: Substring.UTF8View.SubSequence)
    -> Substring.UTF8View.SubSequence
  {
    var line = line
    while let first = line.first, first == 0x20 || first == 0x09 { line = line.dropFirst() }
    while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
    return line
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

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF, bytes.count < 1 << 20 {
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

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
