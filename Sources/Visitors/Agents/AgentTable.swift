/// Reads user agents: one pass over the bytes, then a fixed order of what was seen.
///
/// It tells bots by the literals of a public list (`BotList`) and by some words, the rest by
/// `AgentTokens`. There is no backtracking: a hostile user agent takes as long as another one of its
/// length.
package final class AgentTable: Sendable {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The limit of the bytes that are read.
  package static let maximumBytes = 512
  /// Made at the first use, in some milliseconds.
  package static let shared = AgentTable(withBots: true)
  /// Takes each bot for a person; everything else is as `shared` says it.
  ///
  /// It takes less time, and a quarter of the memory.
  package static let withoutBots = AgentTable(withBots: false)

  private let automaton: TextAutomaton
  private let tokens: [AgentToken]
  /// For each text, the hints that it also gives.
  private let hints: [AgentHints]

  private init(withBots: Bool) {
    var texts: [[UInt8]: (token: AgentToken?, hints: AgentHints)] = [:]
    func add(_ text: [UInt8], _ token: AgentToken) {
      var entry = texts[text] ?? (nil, [])
      if case .hint(let hints) = token {
        entry.hints.formUnion(hints)
      } else if entry.token.map({ token.precedes($0) }) ?? true {
        entry.token = token
      }
      texts[text] = entry
    }
    if withBots {
      var rank = 0
      BotList.visit { text, bot in
        add(text, .bot(bot, rank: rank))
        rank += 1
      }
      for word in AgentTokens.botWords { add(Array(word.utf8), .bot(.other, rank: rank)) }
      for word in AgentTokens.bot { add(Array(word.utf8), .botWord) }
    }
    for (rank, (browser, names)) in AgentTokens.browsers.enumerated() {
      for name in names { add(Array(name.utf8), .browser(browser, rank: rank)) }
    }
    for (rank, (system, names)) in AgentTokens.systems.enumerated() {
      for name in names { add(Array(name.utf8), .system(system, rank: rank)) }
    }
    for (hint, names) in AgentTokens.hints {
      for name in names { add(Array(name.utf8), .hint(hint)) }
    }
    let sorted = texts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    automaton = TextAutomaton(sorted.map(\.key))
    tokens = sorted.map { $0.value.token ?? .hint([]) }
    hints = sorted.map(\.value.hints)
  }

  /// Reads a user agent; it allocates nothing.
  package func agent(_ text: Bytes) -> Agent {
    guard !text.isEmpty else { return Agent(bot: .anonymous) }
    let text = Bytes(rebasing: text.prefix(Self.maximumBytes))
    var seen = SeenTokens()
    automaton.forEachMatch(in: text) { number, end in
      seen.note(tokens[number], hints[number], at: end, in: text)
    }
    return seen.agent(text)
  }
}
