/// What the relay knows of its messages: read, published, confirmed, and how far each journal is
/// safe with the broker.
///
/// It goes back to the last safe byte after any failure and publishes everything from there again
/// ("go back n"): a message that was refused or lost is followed, in the queue, by itself and all
/// of its successors. The consumer relies on that when it drops a message that came too early.
///
/// Invariant: the safe end of a journal never moves back, and never past a byte that isn't
/// confirmed.
package struct RelayLedger {
  private struct Message {
    let tag: UInt64
    let range: JournalRange
    var isConfirmed = false
  }

  /// Messages without a confirm, in the order of publishing; tags rise by one from one to the next.
  private var inFlight: [Message] = []
  private var nextTag: UInt64 = 1
  private var safe: [JournalID: Int] = [:]
  private var published: [JournalID: Int] = [:]
  private let maximumWindow: Int
  private var window = 1

  /// What was confirmed, in order and without a gap, since the relay began.
  package private(set) var confirmed = (messages: 0, bytes: 0)

  /// Whether the broker has asked for a pause (connection.blocked).
  package var isBlocked = false

  /// - Parameter window: The limit of messages without a confirm. The ledger begins with one and
  ///   doubles at each confirm, so that a broker that takes nothing holds back one message and not all.
  package init(window: Int) {
    maximumWindow = max(window, 1)
  }

  package var canPublish: Bool { !isBlocked && inFlight.count < window }

  /// Whether the broker has confirmed nothing on this channel yet.
  package var isProbing: Bool { window == 1 }

  package var inFlightCount: Int { inFlight.count }

  /// Begins to follow a journal at a byte that was safe when last written down.
  package mutating func follow(_ journal: JournalID, from offset: Int) {
    guard safe[journal] == nil else { return }
    safe[journal] = offset
    published[journal] = offset
  }

  /// Forgets a journal that is no more; messages of it still in flight are dropped.
  package mutating func forget(_ journal: JournalID) {
    safe[journal] = nil
    published[journal] = nil
  }

  /// The byte after the last one that the broker holds for sure.
  package func safeEnd(of journal: JournalID) -> Int { safe[journal] ?? 0 }

  /// The byte to publish next.
  package func nextByte(of journal: JournalID) -> Int { published[journal] ?? 0 }

  /// All journals followed, with the ends that may be written down.
  package var safeEnds: [JournalID: Int] { safe }

  /// Notes a message that was handed to the broker.
  package mutating func publish(_ range: JournalRange) {
    precondition(range.from == nextByte(of: range.journal), "a journal is published in order")
    inFlight.append(Message(tag: nextTag, range: range))
    nextTag += 1
    published[range.journal] = range.to
  }

  /// Notes a confirm (basic.ack).
  ///
  /// - Parameters:
  ///   - tag: The message's number on its channel, from 1 on.
  ///   - multiple: Whether all earlier ones are confirmed too.
  /// - Returns: Whether a journal's safe end moved.
  package mutating func confirm(_ tag: UInt64, multiple: Bool) -> Bool {
    guard let first = inFlight.first?.tag, tag >= first else { return false }
    let place = Int(min(tag - first, UInt64(inFlight.count)))
    guard place < inFlight.count else { return false }
    for index in (multiple ? 0 : place)...place { inFlight[index].isConfirmed = true }
    window = min(window * 2, maximumWindow)
    let settled = inFlight.prefix { $0.isConfirmed }.count
    for message in inFlight.prefix(settled) where safe[message.range.journal] != nil {
      safe[message.range.journal] = message.range.to
    }
    confirmed.messages += settled
    confirmed.bytes += inFlight.prefix(settled).reduce(0) { $0 + $1.range.to - $1.range.from }
    inFlight.removeFirst(settled)
    return settled > 0
  }

  /// Starts over on a new channel from the safe ends: after a lost connection, a refused message
  /// (basic.nack) or one that no queue took (basic.return).
  package mutating func goBack() {
    inFlight.removeAll(keepingCapacity: true)
    nextTag = 1
    published = safe
    window = 1
    isBlocked = false
  }
}
