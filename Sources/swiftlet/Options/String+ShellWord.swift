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
    let plain = utf8.allSatisfy {
      "/._-+:,=@%".utf8.contains($0) || ("a"..."z").contains($0) || ("A"..."Z").contains($0)
        || ("0"..."9").contains($0)
    }
    return plain && !isEmpty ? self : quotedShellWord
  }
}

extension ClosedRange<Unicode.Scalar> {
  fileprivate func contains(_ byte: UInt8) -> Bool { contains(Unicode.Scalar(byte)) }
}
