import AMQP
import Clicks
import Glibc
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

  /// Opens journals that are new in the folder.
  func follow() throws(FileError) {
    guard files.count < Self.maximumFiles else { return }
    let now = SystemClock.bootMilliseconds()
    for journal in try settings.directory.journals() where files[journal] == nil {
      guard files.count < Self.maximumFiles else { return }
      guard now >= leaveUntil[journal] ?? now else { continue }
      do throws(FileError) {
        guard let file = try JournalFile.open(journal, in: settings.directory) else { continue }
        files[journal] = file
      } catch {
        // Another user's that may not be read: the others go on.
        leaveUntil[journal] = now + Self.failureMilliseconds
        log.error("can't publish a journal for now", metadata: ["error": "\(error)"])
        continue
      }
      ledger.follow(journal, from: saved[journal] ?? 0)
    }
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
        let waiting = try file.size() - ledger.nextByte(of: journal)
        guard waiting > 0, waiting >= settings.messageBytes || now >= readAt[journal] ?? 0 else {
          continue
        }
        readAt[journal] = now + Int64(settings.pollMilliseconds)
        do {
          if try publishNext(of: file, on: connection) {
            any = true
            more = true
          }
        } catch let error as FileError {
          // The others go on.
          leaveUntil[journal] = now + Self.failureMilliseconds
          log.error("can't publish a journal for now", metadata: ["error": "\(error)"])
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
      try setAside(file, from: offset, count: count, reason: "a line is too long")
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
  func removeFinished() {
    for (journal, file) in files {
      do {
        guard ledger.safeEnd(of: journal) == ledger.nextByte(of: journal) else { continue }
        let isGone = try file.withoutWriter { () throws(FileError) -> Bool in
          let safe = ledger.safeEnd(of: journal)
          let size = try file.size()
          if size > safe {
            guard case .nothing = try file.read(at: safe, into: buffer) else { return false }
            try setAside(file, from: safe, count: size - safe, reason: "its last line is torn")
          }
          guard unlink(file.path) == 0 || errno == ENOENT else {
            throw FileError("remove", file.path)
          }
          return true
        }
        guard isGone == true || !file.isLinked else { continue }
        files[journal] = nil
        readAt[journal] = nil
        leaveUntil[journal] = nil
        saved[journal] = nil
        ledger.forget(journal)
      } catch {
        log.error("can't remove a journal", metadata: ["error": "\(error)"])
      }
    }
  }

  private func setAside(
    _ file: JournalFile, from offset: Int, count: Int, reason: String
  ) throws(FileError) {
    let copy = settings.directory.quarantine(file.journal, at: offset)
    try file.setAside(from: offset, count: count, to: copy, buffer: buffer)
    try settings.directory.sync()
    log.error(
      "bytes of a journal are no click and were set aside",
      metadata: [
        "journal": "\(file.journal)", "from": "\(offset)", "bytes": "\(count)",
        "reason": "\(reason)", "copy": "\(copy)",
      ])
  }
}
