import CRedis
import Glibc

/// One session with a Redis server: hiredis' `redisContext`, non-blocking, polled here.
///
/// hiredis' own time-out applies to each read, so a slow server could hold us for ever. Here a
/// deadline applies to a whole conversation. After a failure other than an error reply the context
/// is freed at once. A reused context would return a reply to an earlier command. Use it from one
/// thread, in the process that opened it, with SIGPIPE ignored (hiredis uses `write`).
package final class Connection {
  /// `nil` once closed.
  private var raw: UnsafeMutablePointer<redisContext>?
  private let replyLimit: Int
  /// Received bytes of an incomplete reply.
  private var partialBytes = 0

  /// Opens a session and checks that the server answers.
  ///
  /// The C functions: `redisConnectNonBlock`, `redisConnectUnixNonBlock`. The same round trip sends
  /// the password and the database, if any. Without it the kernel would accept connections for a
  /// server that hangs.
  ///
  /// A host name is resolved by the system's resolver, outside the deadline.
  ///
  /// - Parameters:
  ///   - address: The server's address.
  ///   - connectTimeoutMilliseconds: The time limit of connecting.
  ///   - timeoutMilliseconds: The time limit of the following round trip.
  ///   - replyLimit: Bytes of one reply, roughly. A longer one ends the session before all of it is in
  ///     memory.
  /// - Throws: When no session can be opened.
  package init(
    _ address: Address, connectTimeoutMilliseconds: Int, timeoutMilliseconds: Int,
    replyLimit: Int = .max
  ) throws(RedisError) {
    self.replyLimit = replyLimit
    // The library's connect fails when a signal comes, so try once more.
    let raw: UnsafeMutablePointer<redisContext>
    do { raw = try Self.open(address.endpoint) } catch { raw = try Self.open(address.endpoint) }
    self.raw = raw
    let deadline = Deadline(milliseconds: connectTimeoutMilliseconds)
    guard deadline.wait(for: raw.pointee.fd, Int32(POLLOUT)) else {
      throw dropped(.timedOut, "no connection within the time-out", during: "connect")
    }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(raw.pointee.fd, SOL_SOCKET, SO_ERROR, &failure, &size)
    guard failure == 0 else {
      throw dropped(.cannotConnect, String(cString: strerror(failure)), during: "connect")
    }
    try introduce(address, timeoutMilliseconds)
  }

  deinit {
    close()
  }

  /// Ends the session (`redisFree`); harmless when it is closed already.
  package func close() {
    if let raw { redisFree(raw) }
    raw = nil
  }

  /// Whether the session looks usable, without asking the server.
  ///
  /// Between commands a healthy session has nothing to read.
  package var isUsable: Bool {
    guard let raw else { return false }
    var waiting = pollfd(fd: raw.pointee.fd, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) == 0
  }

  /// Sends one command and waits for its reply; an error reply is thrown under its first word.
  package func command(
    _ command: Command, timeoutMilliseconds: Int
  ) throws(RedisError) -> Reply {
    let reply = try pipeline([command], timeoutMilliseconds: timeoutMilliseconds).first ?? .null
    if case .error(let text) = reply { throw Self.refusal(text, during: command.name) }
    return reply
  }

  /// Sends commands together and waits for all of their replies, one for each, in order.
  package func pipeline(
    _ commands: [Command], timeoutMilliseconds: Int
  ) throws(RedisError) -> [Reply] {
    let operation = commands.first?.name ?? "pipeline"
    let deadline = Deadline(milliseconds: timeoutMilliseconds)
    try send(commands, operation, deadline)
    var replies: [Reply] = []
    replies.reserveCapacity(commands.count)
    for _ in commands {
      guard let reply = try receive(operation, deadline) else {
        throw dropped(.timedOut, "no reply within the time-out", during: operation)
      }
      replies.append(reply)
    }
    return replies
  }
}

// MARK: - Conversation

extension Connection {
  /// Sends commands and waits for no reply: `redisBufferWrite` until all is out.
  func send(
    _ commands: [Command], _ operation: String, _ deadline: Deadline
  ) throws(RedisError) {
    guard let raw else { throw RedisError(.closed, "connection is closed", during: operation) }
    for command in commands {
      guard command.append(to: raw) == REDIS_OK else { throw dropped(.closed, during: operation) }
    }
    var done: Int32 = 0
    while true {
      guard redisBufferWrite(raw, &done) == REDIS_OK else {
        throw dropped(.closed, during: operation)
      }
      if done == 1 { return }
      guard deadline.wait(for: raw.pointee.fd, Int32(POLLOUT)) else {
        throw dropped(.timedOut, "not sent within the time-out", during: operation)
      }
    }
  }

  /// Waits for the next reply: `redisGetReplyFromReader`, fed by `redisBufferRead`.
  ///
  /// - Returns: Nil when the deadline passed; a partial reply is kept for the next call.
  func receive(_ operation: String, _ deadline: Deadline) throws(RedisError) -> Reply? {
    guard let raw else { throw RedisError(.closed, "connection is closed", during: operation) }
    while true {
      var pointer: UnsafeMutableRawPointer?
      guard redisGetReplyFromReader(raw, &pointer) == REDIS_OK else {
        throw dropped(.unexpectedReply, during: operation)
      }
      if let pointer {
        defer { freeReplyObject(pointer) }
        partialBytes = 0
        guard let reply = Reply(copying: pointer.assumingMemoryBound(to: redisReply.self).pointee)
        else { throw dropped(.unexpectedReply, "a reply of unknown type", during: operation) }
        return reply
      }
      guard partialBytes <= replyLimit else {
        let reason = "a reply of more than \(replyLimit) bytes"
        throw dropped(.unexpectedReply, reason, during: operation)
      }
      guard deadline.wait(for: raw.pointee.fd, Int32(POLLIN)) else { return nil }
      let before = raw.pointee.reader.pointee.len
      guard redisBufferRead(raw) == REDIS_OK else { throw dropped(.closed, during: operation) }
      partialBytes += raw.pointee.reader.pointee.len - before
    }
  }

  private func introduce(_ address: Address, _ timeoutMilliseconds: Int) throws(RedisError) {
    var greetings: [Command] = []
    if let password = address.password {
      greetings.append(
        Command([.text("AUTH")] + (address.user.map { [.text($0)] } ?? []) + [.text(password)]))
    }
    if address.database != 0 {
      greetings.append(["SELECT", .integer(Int64(address.database))])
    }
    greetings.append(["PING"])
    for reply in try pipeline(greetings, timeoutMilliseconds: timeoutMilliseconds) {
      guard case .error(let text) = reply else { continue }
      close()
      throw Self.refusal(text, during: "connect")
    }
  }

  /// Closes the connection and says why; without a message, hiredis' own (`errstr`).
  func dropped(
    _ code: RedisError.Code, _ message: String? = nil, during operation: String
  ) -> RedisError {
    let text = message ?? raw.map(Self.errorText)
    close()
    return RedisError(code, text ?? "", during: operation)
  }

  private static func errorText(_ raw: UnsafeMutablePointer<redisContext>) -> String {
    withUnsafeBytes(of: &raw.pointee.errstr) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// An error reply begins with a word in capitals that says what kind it is.
  static func refusal(_ text: String, during operation: String) -> RedisError {
    let word = text.prefix { $0 != " " }
    return RedisError(.init(rawValue: String(word)), text, during: operation)
  }

  /// A context that is connecting.
  private static func open(
    _ endpoint: Address.Endpoint
  ) throws(RedisError) -> UnsafeMutablePointer<redisContext> {
    let raw =
      switch endpoint {
      case .tcp(let host, let port): redisConnectNonBlock(host, Int32(port))
      case .unix(let path): redisConnectUnixNonBlock(path)
      }
    guard let raw else { throw RedisError(.cannotConnect, "out of memory", during: "connect") }
    guard raw.pointee.err == 0 else {
      defer { redisFree(raw) }
      throw RedisError(.cannotConnect, errorText(raw), during: "connect")
    }
    return raw
  }
}
