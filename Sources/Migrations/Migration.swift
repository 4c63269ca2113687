/// One step of an engine's schema: a file that never changes once it has been applied somewhere.
///
/// `migrations/<engine>/NNNN_verb_noun.sql`. Lines at its head say how it is applied:
///
/// - `-- requires: clickhouse >= 20.3`: it waits until the server is that new.
/// - `-- requires: extension pg_trgm`: it waits until PostgreSQL has the extension, or may be given it.
/// - `-- without a transaction`: its statements are sent one by one.
package struct Migration: Equatable, Sendable {
  package enum Engine: String, CaseIterable, Sendable {
    case postgres
    case clickHouse = "clickhouse"
  }

  package let engine: Engine
  package let number: Int
  package let name: String
  package let text: String
  /// What the server must have; nil for nothing.
  package let requirement: Requirement?
  /// Whether the file is applied in one transaction, with its entry in the ledger.
  package let isTransaction: Bool

  package enum Requirement: Equatable, Sendable {
    /// At least this version, such as `[20, 3]`.
    case version([Int])
    /// An extension of PostgreSQL.
    case `extension`(String)
  }

  /// Reads a file's name and its head.
  package init(engine: Engine, file: String, text: String) throws(MigrationError) {
    let stem = file.utf8.dropLast(4)
    let digits = stem.prefix(4)
    let rest = stem.dropFirst(4)
    guard file.hasSuffix(".sql"), digits.count == 4, digits.allSatisfy(Self.isDigit),
      let number = Int(String(decoding: digits, as: UTF8.self)), number > 0,
      rest.count > 1, rest.first == UInt8(ascii: "_"),
      rest.allSatisfy({ Self.isDigit($0) || (0x61...0x7A).contains($0) || $0 == 0x5F })
    else {
      throw MigrationError(.files, "\(engine.rawValue)/\(file) is not named NNNN_verb_noun.sql")
    }
    self.engine = engine
    self.number = number
    self.text = text
    name = String(decoding: stem, as: UTF8.self)
    requirement = try Self.requirement(in: text, of: engine, name)
    isTransaction = engine == .postgres && !Self.lines(text).contains("-- without a transaction")
    guard !isTransaction, engine == .postgres else { return }
    for statement in SQLScript.statements(in: text) {
      try ConcurrentIndex.check(statement, of: name)
    }
  }

  /// The names of the tables that it makes, and those that it gives to others.
  var tables: [String] {
    Self.lines(text).compactMap { line in
      let words = line.split { " (;".contains($0) }
      if words.starts(with: ["RENAME", "TABLE"]) { return words.last.map(String.init) }
      guard words.starts(with: ["CREATE", "TABLE"]) else { return nil }
      let rest = words.dropFirst(2)
      let condition: [Substring] = ["IF", "NOT", "EXISTS"]
      return (rest.starts(with: condition) ? rest.dropFirst(3) : rest).first.map(String.init)
    }
  }

  private static func requirement(
    in text: String, of engine: Engine, _ name: String
  ) throws(MigrationError) -> Requirement? {
    let key = "-- requires:"
    guard let line = lines(text).first(where: { $0.hasPrefix(key) }) else { return nil }
    let words = line.dropFirst(key.utf8.count).split(separator: " ").map(String.init)
    if engine == .postgres, words.count == 2, words[0] == "extension" {
      return .extension(words[1])
    }
    let numbers = words.last?.split(separator: ".").map { Int($0) } ?? []
    guard words.count == 3, words[0] == engine.rawValue, words[1] == ">=",
      !numbers.contains(nil), !numbers.isEmpty
    else {
      throw MigrationError(
        .files,
        "\(engine.rawValue)/\(name): the line should read \(key) \(engine.rawValue) >= 1.2")
    }
    return .version(numbers.compactMap { $0 })
  }

  /// By bytes: a carriage return and a line feed are one Character.
  private static func lines(_ text: String) -> [String] {
    text.utf8.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
