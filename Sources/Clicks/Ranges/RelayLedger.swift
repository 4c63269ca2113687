/// The relay's state of its messages: read, published, confirmed, and each journal's safe end.
///
/// After any failure it returns to the last safe byte and publishes everything from there again
/// ("go back n"). So in the queue, a refused or lost message is followed by itself and all of its
/// successors. The consumer relies on that when it drops a message that came too early.
///
/// Invariant: the safe end of a journal never moves back, and never past a byte that isn't
/// confirmed.
package struct RelayLedger {
  private struct Message {
    let tag: UInt64
    let range: JournalRange
    var isConfirmed = false
  }

  /// Unconfirmed messages in the order of publishing; their tags are consecutive.
  private var inFlight: [Message] = []
  private var nextTag: UInt64 = 1
  private var safe: [JournalID: Int] = [:]
  private var published: [JournalID: Int] = [:]
  private let maximumWindow: Int
  private var window = 1

  /// Confirmed in order and without a gap, since the relay began.
  package private(set) var confirmed = (messages: 0, bytes: 0)

  /// Whether the broker has asked for a pause (connection.blocked).
  package var isBlocked = false

  /// - Parameter window: The limit of unconfirmed messages. The ledger begins with one and doubles
  ///   at each confirm. So a broker that accepts nothing holds one message, not all.
  package init(window: Int) {
    maximumWindow = max(window, 1)
  }

  package var canPublish: Bool { !isBlocked && inFlight.count < window }

  /// Whether the broker has confirmed nothing on this channel yet.
  package var isProbing: Bool { window == 1 }

  package var inFlightCount: Int { inFlight.count }

  /// Begins to follow a journal at its saved safe byte.
  package mutating func follow(_ journal: JournalID, from offset: Int) {
    guard safe[journal] == nil else { return }
    safe[journal] = offset
    published[journal] = offset
  }

  /// Forgets a journal that is gone; its messages in flight are dropped.
  package mutating func forget(_ journal: JournalID) {
    safe[journal] = nil
    published[journal] = nil
  }

  /// The end of the bytes that the broker is known to hold.
  package func safeEnd(of journal: JournalID) -> Int { safe[journal] ?? 0 }

  /// The byte to publish next.
  package func nextByte(of journal: JournalID) -> Int { published[journal] ?? 0 }

  /// All followed journals with their safe ends, to be saved.
  package var safeEnds: [JournalID: Int] { safe }

  /// Notes a message that was sent to the broker.
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

  /// Starts over from the safe ends, on a new channel.
  ///
  /// It is needed after a lost connection, a refused message (basic.nack), or a message that no
  /// queue took (basic.return).
  package mutating func goBack() {
    inFlight.removeAll(keepingCapacity: true)
    nextTag = 1
    published = safe
    window = 1
    isBlocked = false
  }
}
