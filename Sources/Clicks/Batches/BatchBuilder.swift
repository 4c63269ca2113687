import Glibc

/// A line that can't be stored: it is dead-lettered, so that the lines around it can be stored.
package struct DeadLine: Equatable, Sendable {
  package let range: JournalRange
  package let bytes: [UInt8]
  package let reason: String
  /// The event of a refused click; nil for a line that is no click.
  package let event: EventID?

  package init(range: JournalRange, bytes: [UInt8], reason: String, event: EventID? = nil) {
    self.range = range
    self.bytes = bytes
    self.reason = reason
    self.event = event
  }
}

/// A click of a retry worker, with its place in a journal.
package struct RetriedClick: Equatable, Sendable {
  package let click: Click
  package let place: JournalRange

  package init(click: Click, place: JournalRange) {
    self.click = click
    self.place = place
  }
}

/// Gathers messages into one batch until it is large or old enough.
///
/// It is filled while the previous batch is stored. All its messages are acknowledged together once
/// it is stored. Messages without a new line wait too, so the order of deliveries is kept.
package struct BatchBuilder<Rows: ClickRows> {
  /// The limits at which a batch is closed; whichever is reached first.
  package struct Limits: Sendable {
    package var rows: Int
    package var milliseconds: Int64
    package var bytes: Int

    package init(rows: Int, milliseconds: Int64, bytes: Int = 64 << 20) {
      self.rows = rows
      self.milliseconds = milliseconds
      self.bytes = bytes
    }
  }

  package private(set) var rows = Rows()
  /// Clicks of retry workers; the table is asked whether they are new when the batch is closed.
  package private(set) var retried: [RetriedClick] = []
  package private(set) var dead: [DeadLine] = []
  /// For each journal in the batch, its new mark.
  package private(set) var ends: [JournalID: Int] = [:]
  package private(set) var deliveries = 0
  package private(set) var lastDelivery: UInt64 = 0
  /// Clicks left out because another click of the same request was counted.
  package private(set) var twiceRecorded = 0
  private var openedAt: Int64 = 0
  /// Bytes of lines outside the rows: retried clicks and dead lines.
  private var asideBytes = 0
  private let limits: Limits

  package init(limits: Limits) {
    self.limits = limits
  }

  package var isEmpty: Bool { deliveries == 0 }

  /// Whether it is large enough for one insert.
  package var isFull: Bool {
    rows.count + retried.count >= limits.rows || rows.byteCount + asideBytes >= limits.bytes
      || dead.count >= 1000
  }

  /// The time by which it must be closed, in milliseconds of the caller's clock; nil while empty.
  package var deadline: Int64? { isEmpty ? nil : openedAt + limits.milliseconds }

  package func isDue(at now: Int64) -> Bool {
    guard let deadline else { return false }
    return isFull || now >= deadline
  }

  /// Notes a message without a new click; it is acknowledged with the others.
  package mutating func note(delivery: UInt64, at now: Int64) {
    if isEmpty { openedAt = now }
    deliveries += 1
    lastDelivery = delivery
  }

  /// Takes the lines of a message that end after byte `mark` of its journal.
  ///
  /// - Parameters:
  ///   - body: The bytes of the range; empty if the range holds no click.
  ///   - range: The message's bytes in its journal.
  ///   - mark: Lines that end at or before this byte were taken before.
  ///   - delivery: The message's delivery tag.
  ///   - dedup: Clicks with an event in this set are left out; retried clicks are added to it.
  ///   - now: Milliseconds of the deadline's clock.
  package mutating func take(
    _ body: UnsafeBufferPointer<UInt8>, range: JournalRange, above mark: Int, delivery: UInt64,
    dedup: inout DedupSet, at now: Int64
  ) {
    note(delivery: delivery, at: now)
    ends[range.journal] = range.to
    var start = 0
    while start < body.count {
      let end = Self.endOfLine(body, from: start)
      defer { start = end }
      guard range.from + end > mark else { continue }
      guard
        let place = JournalRange(
          journal: range.journal, from: range.from + start, to: range.from + end)
      else { continue }
      let hasLineFeed = body[end - 1] == 0x0A
      let line = UnsafeBufferPointer(rebasing: body[start..<(hasLineFeed ? end - 1 : end)])
      do {
        let click = try ClickLine(parsing: line)
        if click.isRetried ? !dedup.insert(click.eventID) : dedup.contains(click.eventID) {
          twiceRecorded += 1
        } else if click.isRetried {
          retried.append(RetriedClick(click: click.click, place: place))
          asideBytes += place.count
        } else {
          rows.append(click, at: place)
        }
      } catch {
        asideBytes += place.count
        dead.append(DeadLine(range: place, bytes: Array(line), reason: error.description))
      }
    }
  }

  /// Adds those clicks of retry workers to the rows that are new.
  ///
  /// - Parameter stored: Events that the table has already.
  package mutating func resolveRetried(stored: Set<EventID>) {
    guard !retried.isEmpty else { return }
    let taken = stored.union(rows.events(among: Set(retried.map(\.click.eventID))))
    for candidate in retried {
      guard !taken.contains(candidate.click.eventID) else {
        twiceRecorded += 1
        continue
      }
      rows.append(candidate.click, at: candidate.place)
    }
    retried.removeAll()
  }

  private static func endOfLine(_ body: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = body.baseAddress, let found = memchr(base + start, 0x0A, body.count - start)
    else { return body.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
  }
}
