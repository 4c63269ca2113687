/// The texts that a pattern of crawler-user-agents stands for.
///
/// Nearly all patterns are texts with escapes. Some have alternatives, sets of letters or anchors.
/// What can't be written as texts, or would also match people, is rewritten here by hand.
enum BotPattern {
  private static let rewritten: [String: [String]] = [
    #"AdsBot-Google([^-]|$)"#: ["AdsBot-Google"],
    #"BlogTraffic\/\d\.\d+ Feed-Fetcher"#: ["BlogTraffic/"],
    #"ContextualBot[\s\S]*outcomes\.net"#: ["ContextualBot"],
    #"Current[\s\S]*RSS Reader"#: ["+https://currentreader.app"],
    #"Spider[\s\S]*spider\.com"#: ["+https://www.spider.com"],
    // These texts are also in the user agents of people: of a browser, of phones and of screens.
    "Sogou": [
      "Sogou News Spider", "Sogou Pic Spider", "Sogou web spider", "Sogou inst spider",
      "Sogou head spider", "Sogou Spider", "Sogou-Test-Spider", "Sogou Orion spider",
    ],
    "Sonic": ["RankSonic", "; Sonic/"], #"008\/"#: ["^008/"], #"BW\/"#: ["; BW/"], "ds9": ["^ds9 "],
    "Expanse": ["Expanse, a Palo Alto Networks company"],
    // A build of Android.
    #"AP3A\.240617\.008"#: [],
  ]

  /// Nil for a pattern that isn't understood.
  static func texts(of pattern: String) -> [String]? {
    if let texts = rewritten[pattern] { return texts }
    var rest = Substring(pattern)
    guard let texts = alternatives(&rest), rest.isEmpty, texts.count <= 64,
      !texts.contains(where: { $0.isEmpty || $0.contains("|") })
    else { return nil }
    return texts
  }

  private static func alternatives(_ rest: inout Substring) -> [String]? {
    var all: [String] = []
    repeat {
      guard let texts = sequence(&rest) else { return nil }
      all += texts
    } while take("|", &rest)
    return all
  }

  private static func sequence(_ rest: inout Substring) -> [String]? {
    var texts = [""]
    while let next = rest.first, next != "|", next != ")" {
      guard let parts = atom(&rest) else { return nil }
      texts = texts.flatMap { text in parts.map { text + $0 } }
    }
    return texts
  }

  private static func atom(_ rest: inout Substring) -> [String]? {
    let first = rest.removeFirst()
    switch first {
    case "(":
      let texts = alternatives(&rest)
      return take(")", &rest) ? texts : nil
    case "[":
      guard let end = rest.firstIndex(of: "]") else { return nil }
      let set = rest[..<end]
      rest = rest[end...].dropFirst()
      return set.allSatisfy(\.isLetter) && !set.isEmpty ? set.map(String.init) : nil
    case "\\":
      guard let escaped = rest.popFirst(), !escaped.isLetter, !escaped.isNumber else { return nil }
      return [String(escaped)]
    case ".", "*", "+", "?", "{", "}", "]": return nil
    default: return [String(first)]
    }
  }

  private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }
}
