package import Clicks
import Files
import Service
import Sessions

/// The account of answered redirects: which clicks are stored, held by a journal, or missing.
///
/// Redirects are added one by one and checked in pieces. Those without a stored click are gathered
/// up to a limit. Then they are settled together: checked again, and searched for in the journals.
/// So the memory depends on neither the log's length nor the table's.
package struct Reconciliation {
  package struct Hour: Equatable, Sendable {
    package var answered = 0
    package var stored = 0
    package var held = 0
    package var missing = 0
  }

  /// The limit of missing clicks listed by event; the others are only counted.
  private static let namedLimit = 1_000_000
  /// The limit of unstored clicks searched for in the journals at a time.
  private static let absentLimit = 500_000

  /// The settled redirects by hours since 1970.
  package private(set) var hours: [Int64: Hour] = [:]
  /// The events of missing clicks, `namedLimit` at most.
  package private(set) var missing: [EventID] = []
  package private(set) var missingCount = 0
  /// Clicks replayed, and clicks that could not be written; nil without a replay.
  package var replayed: (written: Int, refused: Int)? {
    replay.map { ($0.written, $0.refused) }
  }

  private let ledger: ClickLedger
  private let replay: ClickReplay?
  private let waitMilliseconds: Int64
  private let note: (String) -> Void
  private let progress: (String) -> Void
  private var isWaitNoted = false
  /// Redirects not checked yet, and redirects without a stored click, with their time.
  private var piece: [EventID: Int64] = [:]
  private var absent: [EventID: Int64] = [:]

  /// - Parameters:
  ///   - ledger: Searches for clicks.
  ///   - replay: Replays clicks that a journal holds; nil to leave them there.
  ///   - waitSeconds: How long to wait for clicks that were not found, since they may be with
  ///     RabbitMQ.
  ///   - note: Called once with a sentence, before it waits.
  ///   - progress: Called with the next step, where that may take long.
  package init(
    _ ledger: ClickLedger, replay: ClickReplay?, waitSeconds: Int,
    note: @escaping (String) -> Void, progress: @escaping (String) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.replay = replay
    waitMilliseconds = Int64(waitSeconds) * 1000
    self.note = note
    self.progress = progress
  }

  /// Adds one redirect, and checks the earlier ones once they are enough.
  ///
  /// - Throws: `StoreError` or `FileError`, when a store can't be asked.
  package mutating func add(_ redirect: AnsweredRedirect) throws {
    guard piece.updateValue(redirect.seconds, forKey: redirect.event) == nil else { return }
    if piece.count >= ClickLedger.eventsPerQuestion { try askAboutPiece() }
    if absent.count >= Self.absentLimit { try settle() }
  }

  /// Settles the remaining redirects, after the last one.
  package mutating func finish() throws {
    try askAboutPiece()
    try settle()
  }

  private mutating func askAboutPiece() throws(StoreError) {
    for seconds in piece.values { hours[seconds / 3600, default: Hour()].answered += 1 }
    for event in try ledger.stored(of: piece, .near) {
      take(event, from: \.piece, as: \.stored)
    }
    for (event, seconds) in piece {
      // A known one is the same redirect, from a line that occurs twice.
      guard let known = absent.updateValue(seconds, forKey: event) else { continue }
      hours[known / 3600, default: Hour()].answered -= 1
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
      guard !absent.isEmpty, SystemClock.bootMilliseconds() < end, !Signals.stopRequested else {
        break
      }
      if !isWaitNoted { note("waiting for clicks that may be with RabbitMQ: \(absent.count)") }
      isWaitNoted = true
      Pause.milliseconds(1000)
    }
    // A click that left its journal after the first question may be stored now.
    try takeStored()
    for (event, seconds) in absent {
      hours[seconds / 3600, default: Hour()].missing += 1
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

  private mutating func takeHeld() throws(FileError) {
    guard !absent.isEmpty else { return }
    try ledger.forEachHeld { line in
      guard absent[line.eventID] != nil else { return true }
      take(line.eventID, from: \.absent, as: \.held)
      replay?.write(line.click)
      return !absent.isEmpty
    }
  }

  private mutating func take(
    _ event: EventID, from events: WritableKeyPath<Self, [EventID: Int64]>,
    as column: WritableKeyPath<Hour, Int>
  ) {
    guard let seconds = self[keyPath: events].removeValue(forKey: event) else { return }
    hours[seconds / 3600, default: Hour()][keyPath: column] += 1
  }
}
