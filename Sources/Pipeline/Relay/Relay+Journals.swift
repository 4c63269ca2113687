import AMQP
import Clicks
import Files
import Glibc
import Journals
import Logging
import Metrics
import Service

/// The journals that a relay follows: opened, published piece by piece, removed.
extension Relay {
  /// The first message on a connection is no larger, so that it fits into the socket's buffers: a
  /// broker that pauses from the start then doesn't look like one that is gone.
  private static let probeBytes = 16 << 10
  /// Most journals that are open at a time; the others wait until some of these are done with.
  private static let maximumFiles = 512
  /// How long a journal that can't be read is left alone.
  private static let failureMilliseconds: Int64 = 5000

  /// Most names of the directory that are read between two looks at the broker: some milliseconds.
  private static let stepEntries = 4096

  /// What can't be read of the journals' directory.
  struct Refusals {
    var count = 0
    var journals: Set<JournalID> = []
    var reason: FileError?
  }

  /// Goes on through the directory, measures it, and opens journals that are new.
  func follow(at now: Int64) throws(FileError) {
    let directory = try Directory(settings.directory.path)
    let isOver = try measurement.step(atMost: Self.stepEntries, at: now) { entry in
      follow(entry, in: directory, at: now)
    }
    guard isOver else { return }
    reportUnreadable(at: now)
    leaveUntil = leaveUntil.filter { refused.journals.contains($0.key) || files[$0.key] != nil }
    refused = Refusals()
  }

  private func follow(_ entry: JournalEntry, in directory: Directory, at now: Int64) {
    let journal = entry.journal
    guard entry.isJournal else {
      refused.count += 1
      return
    }
    let isLeftAlone = now < leaveUntil[journal] ?? now
    if isLeftAlone {
      refused.count += 1
      refused.journals.insert(journal)
    }
    guard !isLeftAlone, files[journal] == nil, files.count < Self.maximumFiles else { return }
    do throws(FileError) {
      guard let file = try JournalFile.open(journal, in: directory) else { return }
      files[journal] = file
    } catch {
      // Another user's that may not be read: the others go on.
      refused.count += 1
      refused.reason = error
      refused.journals.insert(journal)
      leaveUntil[journal] = now + Self.failureMilliseconds
      return
    }
    ledger.follow(journal, from: saved[journal] ?? 0)
  }

  private func reportUnreadable(at now: Int64) {
    guard unreadable.isNews(refused.count, at: now) else { return }
    guard refused.count > 0 else {
      log.info("all journals can be read again")
      return
    }
    let reason = refused.reason.map { "\($0)" } ?? "they are no journals, or of a user not expected"
    log.error(
      "journals can't be read; the others are published",
      metadata: ["journals": "\(refused.count)", "example": "\(reason)"])
  }

  /// Publishes a message of each journal that is due, until nothing is due or the window is full.
  ///
  /// - Returns: Whether there was anything to publish.
  func publishReady(on connection: AMQP.Connection, at now: Int64) throws -> Bool {
    var any = false
    var more = true
    while more, ledger.canPublish {
      more = false
      for (journal, file) in files where ledger.canPublish {
        if let until = leaveUntil[journal] {
          guard now >= until else { continue }
          leaveUntil[journal] = nil
        }
        do {
          let waiting = try file.size() - ledger.nextByte(of: journal)
          guard waiting > 0, waiting >= settings.messageBytes || now >= readAt[journal] ?? 0
          else { continue }
          readAt[journal] = now + Int64(settings.pollMilliseconds)
          if try publishNext(of: file, on: connection) {
            any = true
            more = true
          }
        } catch let error as FileError {
          // The others go on.
          leaveUntil[journal] = now + Self.failureMilliseconds
          refused.reason = error
        }
      }
    }
    return any
  }

  private func publishNext(of file: JournalFile, on connection: AMQP.Connection) throws -> Bool {
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
    let length: Int
    let body: UnsafeBufferPointer<UInt8>
    switch piece {
    case .nothing: return false
    case .lines(let count):
      length = count
      body = UnsafeBufferPointer(rebasing: buffer[..<count])
    case .tooLong(let count):
      // A message without a body says that these bytes hold no click, and leaves no gap.
      length = count
      body = UnsafeBufferPointer(start: nil, count: 0)
      try quarantine.take(
        file, from: offset, count: count, reason: "a line is too long", buffer: buffer)
    }
    guard let range = JournalRange(journal: file.journal, from: offset, to: offset + length) else {
      return false
    }
    try connection.publish(
      to: settings.topology.exchange, routingKey: settings.topology.queue,
      contentType: ClickMessage.contentType,
      headers: ClickMessage.headers(range, confirmed: ledger.safeEnd(of: file.journal)), body: body)
    ledger.publish(range)
    meter.add(.publishedMessages)
    meter.add(.publishedBytes, length)
    return true
  }

  /// Removes journals whose writer is gone and of which the broker has everything.
  func removeFinished(at now: Int64) {
    var failures: (count: Int, last: FileError?) = (0, nil)
    for (journal, file) in files {
      do throws(FileError) {
        guard ledger.safeEnd(of: journal) == ledger.nextByte(of: journal) else { continue }
        let isGone = try file.withoutWriter { () throws(FileError) -> Bool in try finish(file) }
        guard isGone == true || !file.isLinked else { continue }
        files[journal] = nil
        readAt[journal] = nil
        leaveUntil[journal] = nil
        saved[journal] = nil
        ledger.forget(journal)
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

  /// Removes a journal that nobody writes to any more, if all of it is published; what may follow its
  /// last line is torn.
  ///
  /// - Returns: Whether it was.
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
