/// The texts by which the bots of a public list are known (`BotList+Texts.swift`).
enum BotList {
  /// Between two texts of one class.
  static let separator = UInt8(ascii: "|")

  /// Visits each text, those of the list's order first; its anchors are the automaton's bytes.
  static func visit(_ body: (_ text: [UInt8], _ bot: BotClass) -> Void) {
    for (bot, texts) in texts {
      let bytes = UnsafeBufferPointer(start: texts.utf8Start, count: texts.utf8CodeUnitCount)
      for text in bytes.split(separator: separator) {
        var text = Array(text)
        if text.first == UInt8(ascii: "^") { text[0] = TextAutomaton.begin }
        if text.last == UInt8(ascii: "$") { text[text.count - 1] = TextAutomaton.end }
        body(text, bot)
      }
    }
  }
}
