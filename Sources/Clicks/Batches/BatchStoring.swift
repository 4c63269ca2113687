/// The tables of counts; each takes a batch by itself.
package struct CountTargets: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let totals = CountTargets(rawValue: 1)
  package static let days = CountTargets(rawValue: 2)
  package static let referrers = CountTargets(rawValue: 4)
  package static let journals = CountTargets(rawValue: 8)
  package static let all: CountTargets = [.totals, .days, .referrers, .journals]

  // The counts by short code, replaced by those by link: only their last batch is completed.
  package static let totalsBefore = CountTargets(rawValue: 32)
  package static let daysBefore = CountTargets(rawValue: 64)
  package static let referrersBefore = CountTargets(rawValue: 128)
}

/// The state of storing one batch: into the table of clicks, then into each of the counts, exactly
/// once.
///
/// An insert into one table is executed as a whole or not at all. After an unknown outcome, the
/// tables are asked before anything is inserted again.
package struct BatchStoring {
  package enum Step: Equatable, Sendable {
    case insertClicks
    /// Ask whether the table of clicks has the batch.
    case checkClicks
    /// The server refused the clicks permanently, and has none of them: cut the batch.
    case cut
    case insertCounts(CountTargets)
    /// Ask which of the counts lack the batch.
    case checkCounts
    case stored
  }

  package enum Outcome: Equatable, Sendable {
    case done
    case notDone
    case unknown
    /// The server answered with an error that the same request will get again.
    case refused
  }

  package private(set) var step: Step
  /// How often an insert turned out to have stored nothing, or not all, and must be repeated.
  package private(set) var repeats = 0
  private var isRefused = false

  /// - Parameter hasRows: Whether it has clicks. A batch of only left-out lines still moves the
  ///   marks of its journals.
  package init(hasRows: Bool) {
    step = hasRows ? .insertClicks : .insertCounts(.all)
  }

  /// Whether the batch is known not to be stored.
  ///
  /// It may then be dropped; the broker redelivers it.
  package var canBeDropped: Bool { step == .insertClicks || step == .cut }

  /// Notes the outcome of an insert.
  ///
  /// A refusal is no proof that nothing is stored: the server may have written the table before a
  /// dependent table failed. So the table is asked, as after an unknown outcome. Counts are never
  /// cut: they belong to stored clicks.
  package mutating func inserted(_ outcome: Outcome) {
    isRefused = outcome == .refused
    switch (step, outcome) {
    case (.insertClicks, .done): step = .insertCounts(.all)
    case (.insertClicks, .unknown), (.insertClicks, .refused): step = .checkClicks
    case (.insertCounts, .done): step = .stored
    case (.insertCounts, .unknown), (.insertCounts, .refused): step = .checkCounts
    case (.insertClicks, .notDone), (.insertCounts, .notDone): break
    case (.checkClicks, _), (.checkCounts, _), (.cut, _), (.stored, _):
      preconditionFailure("nothing was to be inserted")
    }
  }

  package mutating func checkedClicks(areStored: Bool) {
    precondition(step == .checkClicks)
    step = areStored ? .insertCounts(.all) : isRefused ? .cut : .insertClicks
    if step == .insertClicks { repeats += 1 }
  }

  /// Notes that the server refuses any click, not only these: the batch is tried again.
  package mutating func keep() {
    precondition(step == .cut)
    step = .insertClicks
    repeats += 1
  }

  package mutating func checkedCounts(missing: CountTargets) {
    precondition(step == .checkCounts)
    step = missing.isEmpty ? .stored : .insertCounts(missing)
    if !missing.isEmpty { repeats += 1 }
  }
}
