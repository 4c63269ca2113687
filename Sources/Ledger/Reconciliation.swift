package import Clicks
import Files
import Service
import Sessions

/// The account of answered redirects: which clicks are stored, held by a journal, deleted, or missing.
///
/// Redirects are added one by one and checked in pieces. Those without a stored click are gathered
/// up to a limit. Then they are settled together: checked again, and searched for in the journals.
/// So the memory depends on neither the log's length nor the table's.
package struct Reconciliation {
  package struct Hour: Equatable, Sendable {
    package var answered = 0
    package var stored = 0
    package var held = 0
    /// Not stored, and not expected: the visits of the link were deleted after the click.
    package var deleted = 0
    package var missing = 0
  }

  /// The limit of missing clicks listed by event; the others are only counted.
  private static let namedLimit = 1_000_000
  /// The limit of unstored clicks searched for in the journals at a time.
  private static let absentLimit = 500_000
  /// The limit of clicks from journals that are kept until their deletions are asked for.
  private static let heldLimit = 2000

  /// The settled redirects by hours since 1970.
  package private(set) var hours: [Int64: Hour] = [:]
  /// The events of missing clicks, `namedLimit` at most.
  package private(set) var missing: [EventID] = []
  package private(set) var missingCount = 0
  /// The clicks that aren't expected since visits were deleted.
  package var deletedCount: Int { hours.values.reduce(0) { $0 + $1.deleted } }
  /// Clicks replayed, and clicks that could not be written; nil without a replay.
  package var replayed: (written: Int, refused: Int)? {
    replay.map { ($0.written, $0.refused) }
  }

  private let ledger: ClickLedger
  private let deletions: DeletedVisits
  private let replay: ClickReplay?
  private let waitMilliseconds: Int64
  private let note: (String) -> Void
  private let progress: (String) -> Void
  private var isWaitNoted = false
  /// Redirects not checked yet, and redirects without a stored click.
  private var piece: [EventID: AnsweredRedirect] = [:]
  private var absent: [EventID: AnsweredRedirect] = [:]

  /// - Parameters:
  ///   - ledger: Searches for clicks.
  ///   - deletions: Tells which clicks aren't expected any more.
  ///   - replay: Replays clicks that a journal holds; nil to leave them there.
  ///   - waitSeconds: How long to wait for clicks that were not found, since they may be with
  ///     RabbitMQ.
  ///   - note: Called once with a sentence, before it waits.
  ///   - progress: Called with the next step, where that may take long.
  package init(
    _ ledger: ClickLedger, _ deletions: DeletedVisits, replay: ClickReplay?, waitSeconds: Int,
    note: @escaping (String) -> Void, progress: @escaping (String) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.deletions = deletions
    self.replay = replay
    waitMilliseconds = Int64(waitSeconds) * 1000
    self.note = note
    self.progress = progress
  }

  /// Adds one redirect, and checks the earlier ones once they are enough.
  ///
  /// - Throws: `StoreError` or `FileError`, when a store can't be asked.
  package mutating func add(_ redirect: AnsweredRedirect) throws {
    guard piece.updateValue(redirect, forKey: redirect.event) == nil else { return }
    if piece.count >= ClickLedger.eventsPerQuestion { try askAboutPiece() }
    if absent.count >= Self.absentLimit { try settle() }
  }

  /// Settles the remaining redirects, after the last one.
  package mutating func finish() throws {
    try askAboutPiece()
    try settle()
  }

  private mutating func askAboutPiece() throws(StoreError) {
    for redirect in piece.values { hours[redirect.hour, default: Hour()].answered += 1 }
    for event in try ledger.stored(of: piece, .near) {
      take(event, from: \.piece, as: \.stored)
    }
    for (event, redirect) in piece {
      // A known one is the same redirect, from a line that occurs twice.
      guard let known = absent.updateValue(redirect, forKey: event) else { continue }
      hours[known.hour, default: Hour()].answered -= 1
    }
    piece.removeAll(keepingCapacity: true)
  }

  /// Looks for absent clicks until all are found, or the wait is over; the others are missing.
  private mutating func settle() throws {
    let end = SystemClock.bootMilliseconds() + waitMilliseconds
    while !absent.isEmpty {
      progress("looking for \(absent.count) clicks that are not stored")
      try takeStored()
      try takeHeld()
      try takeDeleted()
      guard !absent.isEmpty, SystemClock.bootMilliseconds() < end, !Signals.stopRequested else {
        break
      }
      if !isWaitNoted { note("waiting for clicks that may be with RabbitMQ: \(absent.count)") }
      isWaitNoted = true
      Pause.milliseconds(1000)
    }
    // A click that left its journal after the first question may be stored now.
    try takeStored()
    for (event, redirect) in absent {
      hours[redirect.hour, default: Hour()].missing += 1
      if missing.count < Self.namedLimit { missing.append(event) }
    }
    missingCount += absent.count
    absent.removeAll()
  }

  private mutating func takeStored() throws(StoreError) {
    for event in try ledger.stored(of: absent, .far) {
      take(event, from: \.absent, as: \.stored)
    }
  }

  /// Takes the clicks that a journal holds; deleted ones among them aren't replayed.
  private mutating func takeHeld() throws {
    guard !absent.isEmpty else { return }
    var held: [Click] = []
    var failure: StoreError?
    try ledger.forEachHeld { line in
      guard absent[line.eventID] != nil else { return true }
      held.append(line.click)
      guard held.count >= min(absent.count, Self.heldLimit) else { return true }
      do throws(StoreError) {
        try take(held)
      } catch {
        failure = error
      }
      held.removeAll(keepingCapacity: true)
      return failure == nil && !absent.isEmpty
    }
    if let failure { throw failure }
    try take(held)
  }

  private mutating func take(_ held: [Click]) throws(StoreError) {
    guard !held.isEmpty else { return }
    let ends = try deletions.ends(of: Set(held.map(\.scope)))
    // Two journals may hold the same click.
    for click in held where absent[click.eventID] != nil {
      let isDeleted = ends[click.scope].map { click.milliseconds / 1000 <= $0 } ?? false
      take(click.eventID, from: \.absent, as: isDeleted ? \.deleted : \.held)
      if !isDeleted { replay?.write(click) }
    }
  }

  /// Takes the clicks that nobody has since the visits of their link were deleted.
  private mutating func takeDeleted() throws(StoreError) {
    guard let first = absent.values.lazy.map(\.seconds).min() else { return }
    try deletions.forEachPage(since: first) { ends in
      for redirect in absent.values.filter({ $0.isDeleted(by: ends) }) {
        take(redirect.event, from: \.absent, as: \.deleted)
      }
      return !absent.isEmpty
    }
  }

  private mutating func take(
    _ event: EventID, from events: WritableKeyPath<Self, [EventID: AnsweredRedirect]>,
    as column: WritableKeyPath<Hour, Int>
  ) {
    guard let redirect = self[keyPath: events].removeValue(forKey: event) else { return }
    hours[redirect.hour, default: Hour()][keyPath: column] += 1
  }
}

extension AnsweredRedirect {
  /// Since 1970.
  fileprivate var hour: Int64 { seconds / 3600 }
}
