/// What was seen of a user agent so far, and what that says.
struct SeenTokens {
  private typealias Ranked<Value> = (value: Value, rank: Int)

  private var bot: Ranked<BotClass> = (.person, .max)
  private var browser: Ranked<Browser> = (.unknown, .max)
  private var system: Ranked<OperatingSystem> = (.unknown, .max)
  private var hints: AgentHints = []
  /// Where the browser's name ends, and `Version/`.
  private var (nameEnd, versionEnd) = (0, 0)

  /// - Parameters:
  ///   - token: What the text stands for.
  ///   - more: The hints that it also gives.
  ///   - end: The offset of the byte after it.
  ///   - text: The user agent.
  mutating func note(
    _ token: AgentToken, _ more: AgentHints, at end: Int, in text: AgentTable.Bytes
  ) {
    hints.formUnion(more)
    if more.contains(.version) { versionEnd = end }
    switch token {
    case .bot(let found, let rank):
      if rank < bot.rank { bot = (found, rank) }
    case .botWord:
      if bot.value == .person, Self.isBot(endingAt: end, in: text) { bot = (.other, .max - 1) }
    case .browser(let found, let rank):
      // Of two names of one browser, the later has the version: `FBAN/FBIOS;FBAV/480.0`.
      guard rank <= browser.rank else { return }
      browser = (found, rank)
      nameEnd = end
    case .system(let found, let rank):
      if rank < system.rank { system = (found, rank) }
    case .hint: break
    }
  }

  /// Whether the word `bot` ends here, and is no phone of Cubot; phones are named `bot_tab`, too.
  private static func isBot(endingAt end: Int, in text: AgentTable.Bytes) -> Bool {
    if end < text.count {
      let next = text[end]
      if (next | 0x20) &- UInt8(ascii: "a") < 26 || next &- UInt8(ascii: "0") < 10 || next == 0x5F {
        return false
      }
    }
    guard end >= 5 else { return true }
    return text[end - 5] | 0x20 != UInt8(ascii: "c") || text[end - 4] | 0x20 != UInt8(ascii: "u")
  }

  /// What all that says.
  func agent(_ text: AgentTable.Bytes) -> Agent {
    let isOfAndroid =
      system.value == .android && browser.value == .safari && hints.contains(.version)
    let browser = isOfAndroid ? .android : browser.value
    let hasVersionApart = browser == .safari || browser == .android
    return Agent(
      bot: bot.value, device: device, system: system.value, browser: browser,
      browserMajor: Self.number(at: hasVersionApart ? versionEnd : nameEnd, in: text))
  }

  private var device: DeviceKind {
    if hints.contains(.television) { return .television }
    if hints.contains(.console) { return .console }
    // `Tablet PC` is what desktops with Windows say of their features.
    if hints.contains(.tablet), system.value != .windows { return .tablet }
    switch system.value {
    case .android, .harmonyOS: return hints.contains(.mobile) ? .mobile : .tablet
    case .iOS, .windowsPhone, .kaiOS: return .mobile
    case .windows, .macOS, .linux, .chromeOS, .bsd: return .desktop
    case .tizen, .webOS: return hints.contains(.mobile) ? .mobile : .television
    case .playStation, .nintendo, .xbox: return .console
    case .unknown: return hints.contains(.mobile) ? .mobile : .unknown
    }
  }

  /// The number at a place, behind a slash or blank; 0 for none.
  private static func number(at start: Int, in text: AgentTable.Bytes) -> UInt16 {
    guard start > 0 else { return 0 }
    var (index, value) = (start, 0)
    if index < text.count, text[index] == 0x20 || text[index] == 0x2F { index += 1 }
    while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
      value = value * 10 + Int(digit)
      guard value <= UInt16.max else { return 0 }
      index += 1
    }
    return UInt16(value)
  }
}
