package import Hashing
import Text

/// 256 random bits as text: the value of a session, or a code that begins one.
///
/// Who has the text is let in. Only its hash is stored.
package struct Token: Equatable, Sendable {
  package let text: String

  /// How many characters it has: those of Base64URL for 32 bytes.
  package static let length = 43

  /// A new one.
  package static func random() -> Token {
    Token(unchecked: Base64URL.text(of: RandomBytes.make(32)))
  }

  /// One for the API's description, which nobody has.
  package static let sample = Token(unchecked: String(repeating: "A", count: length))

  /// Reads what somebody sent.
  ///
  /// - Returns: Nil for what no token is like.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length, bytes.allSatisfy(Base64URL.contains) else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private init(unchecked text: String) {
    self.text = text
  }

  /// What is stored of it.
  package var hash: SHA256 { SHA256(of: Array(text.utf8)) }
}
