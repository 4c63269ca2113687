/// How far the table has come in each journal, and so what becomes of a message.
///
/// A mark is no state of its own: it is read back from what is stored when a journal is first met.
/// On it stands what is taken into batches that are not yet stored.
///
/// Invariant: for a journal, stored ≤ taken, and neither moves back while the consumer lives, but
/// for `rollBack`, which sets taken to stored.
package struct Watermarks {
  /// What becomes of a message.
  package enum Verdict: Equatable, Sendable {
    /// All of it was taken before: acknowledge and forget.
    case `repeat`
    /// Lines that end after byte `above` are new. `lost` bytes before them were confirmed to the
    /// relay and never came: more than none means that the broker lost messages.
    case take(above: Int, lost: Int)
    /// Bytes before it are missing and not confirmed to the relay either: it will publish them and
    /// this message again, so this one is dropped.
    case early
  }

  private var stored: [JournalID: Int] = [:]
  private var taken: [JournalID: Int] = [:]

  package init() {}

  package func knows(_ journal: JournalID) -> Bool { stored[journal] != nil }

  package var count: Int { stored.count }

  /// Sets the mark of a journal met for the first time.
  package mutating func learn(_ journal: JournalID, stored offset: Int) {
    precondition(stored[journal] == nil, "a mark is learnt once")
    stored[journal] = offset
  }

  /// The byte up to which a journal is stored or on its way there.
  package func mark(of journal: JournalID) -> Int { taken[journal] ?? stored[journal] ?? 0 }

  /// Classifies a message of a known journal.
  ///
  /// - Parameters:
  ///   - range: Its bytes.
  ///   - confirmed: The journal's end that was safe with the broker when the relay published it.
  /// - Returns: What becomes of it.
  package func classify(_ range: JournalRange, confirmed: Int) -> Verdict {
    let mark = mark(of: range.journal)
    if range.to <= mark { return .repeat }
    if range.from <= mark { return .take(above: mark, lost: 0) }
    if confirmed <= mark { return .early }
    return .take(above: range.from, lost: range.from - mark)
  }

  /// Notes that a message went into a batch.
  package mutating func take(_ range: JournalRange) {
    precondition(range.to > mark(of: range.journal), "a mark moves only forward")
    taken[range.journal] = range.to
  }

  /// Notes that a batch was stored: its ends are marks from now on.
  package mutating func settle(_ ends: [JournalID: Int]) {
    for (journal, end) in ends {
      stored[journal] = max(end, stored[journal] ?? 0)
      if let mark = taken[journal], mark <= end { taken[journal] = nil }
    }
  }

  /// Forgets what was taken and isn't stored: its messages will come again.
  package mutating func rollBack() {
    taken.removeAll()
  }

  /// Forgets the journals of which nothing is on its way; they can be learnt again.
  package mutating func trim() {
    stored = stored.filter { taken[$0.key] != nil }
  }
}
