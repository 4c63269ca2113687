/// How links are named that nobody names.
package enum CodeStyle: Equatable, Sendable {
  /// By their ids.
  case snowflake
  /// By random letters and digits, so many; without look-alikes on wish.
  case random(length: Int, isClear: Bool)

  private static let all = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
  /// Without 0, O and o, and without 1, I, i, l and L.
  private static let clear = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz".utf8)

  /// A new code.
  ///
  /// - Parameters:
  ///   - id: The link's id.
  ///   - length: How many characters it has; nil for the style's own. Only a random code has a length.
  /// - Returns: Letters and digits. Random ones come from the kernel, so nobody guesses the next.
  package func code(for id: SnowflakeID, length: Int? = nil) -> String {
    switch (self, length) {
    case (.snowflake, nil): Slug(id).description
    case (.snowflake, let length?): Self.random(length, of: Self.all)
    case (.random(let usual, let isClear), let length):
      Self.random(length ?? usual, of: isClear ? Self.clear : Self.all)
    }
  }

  private static func random(_ length: Int, of alphabet: [UInt8]) -> String {
    var generator = SystemRandomNumberGenerator()
    let code = (0..<length).map { _ in
      alphabet[Int.random(in: alphabet.indices, using: &generator)]
    }
    return String(decoding: code, as: UTF8.self)
  }
}
