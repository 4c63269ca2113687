import AMQP
import Clicks
import Files
import Journals
import Logging
import Metrics
import Service

/// Publishes the journals of one directory piece by piece, and removes finished ones.
///
/// A piece is whole lines of one journal. The next piece of a journal follows before the previous
/// one is confirmed (`RelayLedger`).
final class JournalPublisher {
  /// The limit of the first message on a connection, so that it fits into the socket's buffers.
  ///
  /// So a broker that pauses from the start doesn't look like a dead one.
  private static let probeBytes = 16 << 10
  /// The limit of directory entries read between two looks at the broker: some milliseconds.
  private static let stepEntries = 4096

  private let settings: RelaySettings
  private let log: Logger
  private let meter: Meter
  private var journals = FollowedJournals()
  private var ledger: RelayLedger
  private let measurement: JournalMeasurement
  private var quarantine: Quarantine
  private var unreadable = Trouble()
  private var unremovable = Trouble()
  private let buffer: UnsafeMutableBufferPointer<UInt8>

  init(_ settings: RelaySettings, log: Logger, meter: Meter) {
    self.settings = settings
    self.log = log
    self.meter = meter
    ledger = RelayLedger(window: settings.window)
    measurement = JournalMeasurement(settings.directory, JournalUsage(settings.state))
    quarantine = Quarantine(settings.state, log: log, meter: meter)
    buffer = .allocate(capacity: settings.messageBytes)
    buffer.initialize(repeating: 0)
  }

  deinit { buffer.deallocate() }

  // MARK: - Progress

  /// Continues where an earlier relay stopped.
  func resume(from ends: [JournalID: Int]) { journals = FollowedJournals(confirmed: ends) }

  /// Each journal's confirmed end, to be saved.
  var progress: [JournalID: Int] {
    journals.unopenedEnds.merging(ledger.safeEnds) { _, new in new }
  }

  /// Each open journal's confirmed end.
  var confirmedEnds: [JournalID: Int] { ledger.safeEnds }

  /// Messages and bytes confirmed since the relay began.
  var confirmed: (messages: Int, bytes: Int) { ledger.confirmed }

  var unconfirmedCount: Int { ledger.inFlightCount }

  /// Whether the broker has asked for a pause.
  var isBlocked: Bool {
    get { ledger.isBlocked }
    set { ledger.isBlocked = newValue }
  }

  /// Notes a confirm.
  ///
  /// - Returns: Whether a journal's progress moved.
  func confirm(_ tag: UInt64, multiple: Bool) -> Bool { ledger.confirm(tag, multiple: multiple) }

  /// Publishes everything unconfirmed again, on a new connection.
  func startOver() { ledger.goBack() }

  // MARK: - Following

  /// Continues through the directory, measures it, and opens new journals.
  func follow(at now: Int64) throws(FileError) {
    let directory = try Directory(settings.directory.path)
    let isOver = try measurement.step(atMost: Self.stepEntries, at: now) { entry in
      let start = journals.meet(entry, at: now) { () throws(FileError) in
        try JournalFile.open(entry.journal, in: directory)
      }
      if let start { ledger.follow(entry.journal, from: start) }
    }
    if isOver { report(journals.endRound(at: now), at: now) }
  }

  private func report(_ round: FollowedJournals.Unreadable, at now: Int64) {
    guard unreadable.isNews(round.count, at: now) else { return }
    guard round.count > 0 else {
      log.info("all journals can be read again")
      return
    }
    let reason = round.reason.map { "\($0)" } ?? "they are no journals, or of a user not expected"
    log.error(
      "journals can't be read; the others are published",
      metadata: ["journals": "\(round.count)", "example": "\(reason)"])
  }

  // MARK: - Publishing

  /// Publishes a message of each journal that is due, until nothing is due or the window is full.
  ///
  /// - Returns: Whether there was anything to publish.
  func publishReady(on connection: AMQP.Connection, at now: Int64) throws -> Bool {
    var any = false
    var more = true
    while more, ledger.canPublish {
      more = false
      for journal in journals.open.values where ledger.canPublish {
        do {
          guard try publishIfDue(journal, on: connection, at: now) else { continue }
          any = true
          more = true
        } catch let error as FileError {
          journals.leaveAlone(journal, for: error, at: now)
        }
      }
    }
    return any
  }

  private func publishIfDue(
    _ journal: FollowedJournal, on connection: AMQP.Connection, at now: Int64
  ) throws -> Bool {
    guard !journal.isLeftAlone(at: now) else { return false }
    let waiting = try journal.file.size() - ledger.nextByte(of: journal.id)
    guard journal.isDue(waiting: waiting, message: settings.messageBytes, at: now) else {
      return false
    }
    journal.rest(until: now + Int64(settings.pollMilliseconds))
    guard let (range, body) = try nextPiece(of: journal.file) else { return false }
    try connection.publish(
      to: settings.topology.exchange, routingKey: settings.topology.queue,
      contentType: ClickMessage.contentType,
      headers: ClickMessage.headers(range, confirmed: ledger.safeEnd(of: journal.id)), body: body)
    ledger.publish(range)
    meter.add(.publishedMessages)
    meter.add(.publishedBytes, range.count)
    return true
  }

  /// The next piece of a journal, in the buffer; nil while there is no whole line.
  private func nextPiece(
    of file: JournalFile
  ) throws -> (range: JournalRange, body: UnsafeBufferPointer<UInt8>)? {
    let offset = ledger.nextByte(of: file.journal)
    var piece = JournalFile.Piece.nothing
    if ledger.isProbing {
      piece = try file.read(
        at: offset, into: UnsafeMutableBufferPointer(rebasing: buffer.prefix(Self.probeBytes)))
    }
    switch piece {
    case .lines: break
    case .nothing, .tooLong: piece = try file.read(at: offset, into: buffer)
    }
    let count: Int
    var body = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    switch piece {
    case .nothing: return nil
    case .lines(let length):
      count = length
      body = UnsafeBufferPointer(rebasing: buffer[..<length])
    case .tooLong(let length):
      // A message without a body stands for bytes without a click, so that there is no gap.
      count = length
      try quarantine.take(
        file, from: offset, count: length, reason: "a line is too long", buffer: buffer)
    }
    return JournalRange(journal: file.journal, from: offset, to: offset + count).map { ($0, body) }
  }

  // MARK: - Removing

  /// Removes journals that are fully confirmed and whose writer is gone.
  func removeFinished(at now: Int64) {
    var failures: (count: Int, last: FileError?) = (0, nil)
    for (id, journal) in journals.open {
      do throws(FileError) {
        guard ledger.safeEnd(of: id) == ledger.nextByte(of: id) else { continue }
        let isGone = try journal.file.withoutWriter { () throws(FileError) -> Bool in
          try finish(journal.file)
        }
        guard isGone == true || !journal.file.isLinked else { continue }
        journals.close(id)
        ledger.forget(id)
      } catch {
        failures = (failures.count + 1, error)
      }
    }
    quarantine.report(at: now)
    guard unremovable.isNews(failures.count, at: now) else { return }
    guard let last = failures.last else {
      log.info("all journals that are published can be removed again")
      return
    }
    log.error(
      "can't remove journals",
      metadata: ["journals": "\(failures.count)", "example": "\(last)"])
  }

  /// Removes a journal without a writer, if all of it is published.
  ///
  /// Bytes after its last line are torn.
  ///
  /// - Returns: Whether it was removed.
  private func finish(_ file: JournalFile) throws(FileError) -> Bool {
    let safe = ledger.safeEnd(of: file.journal)
    let size = try file.size()
    if size > safe {
      guard case .nothing = try file.read(at: safe, into: buffer) else { return false }
      try quarantine.take(
        file, from: safe, count: size - safe, reason: "its last line is torn", buffer: buffer)
    }
    try file.remove(from: Directory(settings.directory.path))
    return true
  }
}
