/// The counts that are kept over the clicks; each takes a batch by itself.
package struct CountTargets: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let links = CountTargets(rawValue: 1)
  package static let days = CountTargets(rawValue: 2)
  package static let referrers = CountTargets(rawValue: 4)
  package static let journals = CountTargets(rawValue: 8)
  package static let all: CountTargets = [.links, .days, .referrers, .journals]
}

/// How one batch gets into the table of clicks and then into each of the counts, exactly once.
///
/// Both are inserts that are carried out as a whole or not at all, as far as one table goes. When it
/// isn't known which, the tables are asked before anything is inserted again.
package struct BatchStoring {
  package enum Step: Equatable, Sendable {
    case insertClicks
    /// Ask whether the table of clicks has the batch.
    case checkClicks
    case insertCounts(CountTargets)
    /// Ask which of the counts lack the batch.
    case checkCounts
    case stored
  }

  package enum Outcome: Equatable, Sendable {
    case done
    case notDone
    case unknown
  }

  package private(set) var step: Step

  /// - Parameter hasRows: Whether there are clicks in it; a batch of nothing but lines that were
  ///   left out moves the marks of its journals all the same.
  package init(hasRows: Bool) {
    step = hasRows ? .insertClicks : .insertCounts(.all)
  }

  /// Whether nothing of it is stored for sure, so that it can be let go: it will be delivered again.
  package var canBeDropped: Bool { step == .insertClicks }

  package mutating func inserted(_ outcome: Outcome) {
    switch (step, outcome) {
    case (.insertClicks, .done): step = .insertCounts(.all)
    case (.insertClicks, .unknown): step = .checkClicks
    case (.insertCounts, .done): step = .stored
    case (.insertCounts, .unknown): step = .checkCounts
    case (.insertClicks, .notDone), (.insertCounts, .notDone): break
    case (.checkClicks, _), (.checkCounts, _), (.stored, _):
      preconditionFailure("nothing was to be inserted")
    }
  }

  package mutating func checkedClicks(areStored: Bool) {
    precondition(step == .checkClicks)
    step = areStored ? .insertCounts(.all) : .insertClicks
  }

  package mutating func checkedCounts(missing: CountTargets) {
    precondition(step == .checkCounts)
    step = missing.isEmpty ? .stored : .insertCounts(missing)
  }
}
