/// A word of our own that stands where the field has a term, and what to write.
struct Term {
  /// The words one after the other, in lower case.
  let words: [String]
  /// Whether they are refused at the beginning of a sentence only.
  let isAtStart: Bool
  let instead: String

  init(_ text: String, isAtStart: Bool = false, _ instead: String) {
    words = text.split(separator: " ").map(String.init)
    self.isAtStart = isAtStart
    self.instead = instead
  }

  /// The first listed term in a sentence; its words are in lower case.
  static func first(in sentence: [String]) -> Term? {
    for (index, word) in sentence.enumerated() {
      for term in byFirstWord[word] ?? [] where index == 0 || !term.isAtStart {
        if sentence[index...].starts(with: term.words) { return term }
      }
    }
    return nil
  }

  private static let byFirstWord = Dictionary(grouping: listed) { $0.words[0] }

  private static let listed: [Term] =
    [
      ("let go", "drop, or release"), ("lets go", "drops, or releases"),
      ("letting go", "dropping, or releasing"),
      ("put back", "replayed, or restored"), ("puts back", "replays, or restores"),
      ("putting back", "replaying, or restoring"),
      ("folder", "directory"), ("folders", "directories"),
      ("bury", "dead-letter"), ("buries", "dead-letters"), ("buried", "dead-lettered"),
      ("judge", "check, or classify"), ("judges", "checks, or classifies"),
      ("judged", "checked, or classified"), ("judging", "checking, or classifying"),
      ("untold", "pending"),
      ("besides", "also, other than, or in addition to"),
      ("second try", "retry"), ("second tries", "retries"), ("spare pool", "backup pool"),
      ("it is no more", "it is gone"), ("that is no more", "that is gone"),
      ("that are no more", "that are gone"),
      ("answers whether", "returns whether"), ("won't do", "isn't enough, or isn't allowed"),
      ("for who", "a noun: for a caller that"), ("of who", "a noun: of a caller that"),
    ].map { Term($0, $1) }
    + [
      ("nor", "also not, in a sentence with its subject first"),
      ("of which", "of these, or a sentence with its subject first"),
      ("whoever", "a noun: a process that, a reader that"),
    ].map { Term($0, isAtStart: true, $1) }
}
