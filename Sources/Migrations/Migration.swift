/// One step of an engine's schema: a file that never changes once it has been applied somewhere.
///
/// `migrations/<engine>/NNNN_verb_noun.sql`; a line `-- requires: clickhouse >= 20.3` at its head
/// keeps it waiting until the server is that new.
package struct Migration: Equatable, Sendable {
  package enum Engine: String, CaseIterable, Sendable {
    case postgres
    case clickHouse = "clickhouse"
  }

  package let engine: Engine
  package let number: Int
  package let name: String
  package let text: String
  /// The least version of the server, such as `[20, 3]`; empty for any.
  package let requiredVersion: [Int]

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
    requiredVersion = try Self.requirement(in: text, of: engine, name)
  }

  private static func requirement(
    in text: String, of engine: Engine, _ name: String
  ) throws(MigrationError) -> [Int] {
    let key = "-- requires:"
    guard let line = text.utf8.split(separator: 0x0A).first(where: { $0.starts(with: key.utf8) })
    else { return [] }
    let words = String(decoding: line.dropFirst(key.utf8.count), as: UTF8.self)
      .split(separator: " ")
    let numbers = words.last?.split(separator: ".").map { Int($0) } ?? []
    guard words.count == 3, words[0] == engine.rawValue, words[1] == ">=",
      !numbers.contains(nil), !numbers.isEmpty
    else {
      throw MigrationError(
        .files,
        "\(engine.rawValue)/\(name): the line should read \(key) \(engine.rawValue) >= 1.2")
    }
    return numbers.compactMap { $0 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
