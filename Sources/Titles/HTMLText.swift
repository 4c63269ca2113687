/// Text of HTML with its character references.
enum HTMLText {
  /// The limit of a reference's name or number.
  private static let limit = 10

  /// The text that a browser shows; a reference that isn't known stays as it is written.
  static func decoded(_ text: String) -> String {
    var decoded = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "&" else {
        decoded.append(scalar)
        continue
      }
      let name = rest.prefix(limit).prefix { $0.isASCII && $0 != ";" && $0 != "&" && $0 != " " }
      let hasEnd = rest.dropFirst(name.count).first == ";"
      guard hasEnd, let referred = referred(by: String(String.UnicodeScalarView(name))) else {
        decoded.append(scalar)
        continue
      }
      decoded.append(referred)
      rest = rest.dropFirst(name.count + 1)
    }
    return String(decoded)
  }

  private static func referred(by name: String) -> Unicode.Scalar? {
    guard name.utf8.first == UInt8(ascii: "#") else { return names[name] }
    let digits = name.dropFirst()
    let number =
      digits.first == "x" || digits.first == "X"
      ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
  }

  /// Those that titles have: the characters of HTML, punctuation, and the letters of ISO 8859-1.
  private static let names: [String: Unicode.Scalar] = {
    var names: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
      "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·", "lsquo": "‘",
      "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "lsaquo": "‹",
      "rsaquo": "›", "laquo": "«", "raquo": "»", "trade": "™", "copy": "©", "reg": "®",
      "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "deg": "°", "times": "×", "rarr": "→",
      "larr": "←", "iexcl": "¡", "iquest": "¿", "sect": "§", "para": "¶", "ordf": "ª", "ordm": "º",
      "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š",
    ]
    for (offset, name) in letters.enumerated() {
      names[String(name)] = Unicode.Scalar(0xC0 + UInt32(offset))
    }
    return names
  }()

  /// The names of U+00C0 to U+00FF.
  private static let letters = """
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
    """.split(separator: " ")
}
