/// How far each journal is stored, and so how each message is handled.
///
/// A mark is derived state: it is read from the stored clicks when a journal is first met. Clicks
/// in batches that are not yet stored advance it further.
///
/// Invariant: for a journal, stored ≤ taken. Neither moves back while the consumer lives, except by
/// `rollBack`, which sets taken to stored.
package struct Watermarks {
  /// How a message is handled.
  package enum Verdict: Equatable, Sendable {
    /// All of it was taken before: acknowledge and drop it.
    case `repeat`
    /// Lines that end after byte `above` are new.
    ///
    /// `lost` bytes before them were confirmed to the relay and never came. If there are any, the
    /// broker lost messages.
    case take(above: Int, lost: Int)
    /// Bytes before it are missing, and were not confirmed to the relay. The relay will publish
    /// them and this message again, so drop this one.
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

  /// The byte up to which a journal is stored or in a batch.
  package func mark(of journal: JournalID) -> Int { taken[journal] ?? stored[journal] ?? 0 }

  /// Classifies a message of a known journal.
  ///
  /// - Parameters:
  ///   - range: Its bytes.
  ///   - confirmed: The journal's safe end when the relay published the message.
  /// - Returns: How to handle it.
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

  /// Notes that a batch was stored: the marks move to its ends.
  package mutating func settle(_ ends: [JournalID: Int]) {
    for (journal, end) in ends {
      stored[journal] = max(end, stored[journal] ?? 0)
      if let mark = taken[journal], mark <= end { taken[journal] = nil }
    }
  }

  /// Forgets the ranges that were taken and are not stored: they will be delivered again.
  package mutating func rollBack() {
    taken.removeAll()
  }

  /// Forgets the journals without unstored ranges; they can be learnt again.
  package mutating func trim() {
    stored = stored.filter { taken[$0.key] != nil }
  }
}
