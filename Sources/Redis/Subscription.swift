import CRedis

/// A connection subscribed to one channel (`SUBSCRIBE`, in RESP2).
///
/// The server sends messages and answers to PING in order. So after the answer to a `ping`, every
/// message published before that ping has arrived. A half-open connection is silent: only a ping
/// distinguishes it from a quiet channel.
///
/// After any failure the connection is closed.
package final class Subscription {
  package enum Event: Hashable, Sendable {
    /// The payload of a message, as its publisher sent it.
    case message([UInt8])
    /// The answer to the oldest unanswered `ping`.
    case pong
  }

  /// The limit of a message's bytes other than its payload: the words of its reply and the
  /// channel's name.
  private static let overhead = 1024

  private let connection: Connection
  private let timeout: Int

  /// Opens a connection, subscribes, and waits until the server has confirmed it.
  ///
  /// - Parameters:
  ///   - address: The server's address. A channel belongs to the server, not to a database.
  ///   - channel: Its name.
  ///   - timeoutMilliseconds: The time limit of connecting, of the confirmation, and of later
  ///     sends.
  ///   - payloadLimit: Bytes of a message. A longer one ends the connection before all of it is in
  ///     memory.
  /// - Throws: When there is no connection, or the server refuses the subscription.
  package init(
    _ address: Address, channel: String, timeoutMilliseconds: Int, payloadLimit: Int
  ) throws(RedisError) {
    timeout = timeoutMilliseconds
    connection = try Connection(
      address, connectTimeoutMilliseconds: timeout, timeoutMilliseconds: timeout,
      replyLimit: payloadLimit + channel.utf8.count + Self.overhead)
    let reply = try connection.command(
      ["SUBSCRIBE", .text(channel)], timeoutMilliseconds: timeout)
    guard reply.elements?.first?.text == "subscribe" else {
      throw connection.dropped(.unexpectedReply, "no confirmation", during: "SUBSCRIBE")
    }
  }

  /// Asks for a `pong`, without waiting for it.
  package func ping() throws(RedisError) {
    try connection.send([["PING"]], "PING", Deadline(milliseconds: timeout))
  }

  /// Waits for the server's next event.
  ///
  /// - Parameter milliseconds: How long to wait; 0 doesn't wait.
  /// - Returns: Nil when no complete event has come.
  /// - Throws: When the connection is lost.
  package func next(waiting milliseconds: Int) throws(RedisError) -> Event? {
    let operation = "listen"
    let deadline = Deadline(milliseconds: milliseconds)
    guard let reply = try connection.receive(operation, deadline) else {
      return nil
    }
    switch reply {
    case .array(let words):
      switch words.first?.text {
      case "message":
        if words.count == 3, case .bulk(let payload) = words[2] { return .message(payload) }
      case "pong": return .pong
      default: break
      }
    case .error(let text):
      connection.close()
      throw Connection.refusal(text, during: operation)
    default: break
    }
    throw connection.dropped(.unexpectedReply, "no message and no pong", during: operation)
  }
}
