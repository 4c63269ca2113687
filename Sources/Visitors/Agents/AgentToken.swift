/// What a text in a user agent stands for.
///
/// Of the bots, browsers and systems that are seen, the one with the least rank counts.
enum AgentToken: Equatable {
  case bot(BotClass, rank: Int)
  /// Words such as `bot`: only where no letter, digit or `_` follows, and not at the end of a phone's name.
  case botWord
  case browser(Browser, rank: Int)
  case system(OperatingSystem, rank: Int)
  case hint(AgentHints)

  /// Whether it counts more than another one of the same text.
  func precedes(_ other: AgentToken) -> Bool {
    switch (self, other) {
    case (.bot(_, let rank), .bot(_, let otherRank)): rank < otherRank
    case (.bot, _): true
    default: false
    }
  }
}

/// What decides the kind of a device, and where a version stands.
struct AgentHints: OptionSet {
  let rawValue: UInt16

  static let mobile = AgentHints(rawValue: 1)
  static let tablet = AgentHints(rawValue: 2)
  static let television = AgentHints(rawValue: 4)
  static let console = AgentHints(rawValue: 8)
  /// `Version/`, which has the version of Safari and of Android's old browser.
  static let version = AgentHints(rawValue: 16)
}
