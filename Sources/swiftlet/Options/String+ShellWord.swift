import Text

extension String {
  /// The text as one word of a shell, in quotes.
  ///
  /// By bytes: a quote with a combining mark behind it is no quote to Character.
  var quotedShellWord: String {
    let quote = UInt8(ascii: "'")
    let inner = utf8.flatMap { $0 == quote ? Array(#"'\''"#.utf8) : [$0] }
    return String(decoding: [quote] + inner + [quote], as: UTF8.self)
  }

  /// The same, without quotes where a shell needs none.
  var shellWord: String {
    let isPlain = utf8.allSatisfy {
      PercentEncoding.isUnreserved($0) || "/+:,=@%".utf8.contains($0)
    }
    return isPlain && !isEmpty ? self : quotedShellWord
  }
}
