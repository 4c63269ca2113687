internal import CRabbitMQ

/// Why an operation on a broker failed.
///
/// After any of them the connection can't be used any more: it is closed and another one is made.
package struct AMQPError: Error, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  package enum Cause: Equatable, Sendable {
    /// There is no connection, or it broke, or it was silent for too long.
    case unreachable
    /// The broker closed the channel or the connection, with AMQP's reply code.
    case closed(code: Int)
    /// The subscription ended: its queue is gone, or the subscriber ended it.
    case cancelled
    /// The broker did not keep a message that was published.
    case refused
  }

  package let cause: Cause
  package let operation: String
  /// The message of the broker or of librabbitmq.
  package let message: String

  /// Whether the broker's queue or exchange differs from ours (406), or is forbidden (403).
  ///
  /// A retry won't help until somebody changes it.
  package var isTopologyMismatch: Bool {
    cause == .closed(code: 406) || cause == .closed(code: 403)
  }

  /// A text that is safe for a client.
  package var description: String {
    switch cause {
    case .unreachable: "the broker can't be reached"
    case .closed(let code): "the broker closed with code \(code)"
    case .cancelled: "the subscription ended"
    case .refused: "the broker did not keep a message"
    }
  }

  package var debugDescription: String { "\(operation): \(description): \(message)" }

  /// The error for a refused or returned message (basic.nack, basic.return): its sender starts
  /// over.
  package static func refused(_ message: String) -> AMQPError {
    AMQPError(cause: .refused, operation: "publish", message: message)
  }

  /// The error for a subscription that the subscriber ends, to make another one.
  package static func givenUp(_ message: String) -> AMQPError {
    AMQPError(cause: .cancelled, operation: "consume", message: message)
  }

  init(cause: Cause, operation: String, message: String) {
    self.cause = cause
    self.operation = operation
    self.message = message
  }

  /// From a status of librabbitmq's own.
  init(status: Int32, operation: String) {
    self.init(
      cause: .unreachable, operation: operation,
      message: String(cString: amqp_error_string2(status)))
  }

  /// Nil when the reply is no error.
  init?(reply: amqp_rpc_reply_t, operation: String) {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return nil
    case AMQP_RESPONSE_SERVER_EXCEPTION: self.init(method: reply.reply, operation: operation)
    default: self.init(status: reply.library_error, operation: operation)
    }
  }

  /// From channel.close or connection.close, as the broker sends them.
  init(method: amqp_method_t, operation: String) {
    if method.id == UInt32(bitPattern: Int32(AMQP_CHANNEL_CLOSE_METHOD)),
      let close = method.decoded?.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
    {
      self.init(
        cause: .closed(code: Int(close.reply_code)), operation: operation,
        message: String(close.reply_text))
    } else if method.id == UInt32(bitPattern: Int32(AMQP_CONNECTION_CLOSE_METHOD)),
      let close = method.decoded?.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
    {
      self.init(
        cause: .closed(code: Int(close.reply_code)), operation: operation,
        message: String(close.reply_text))
    } else {
      self.init(
        cause: .unreachable, operation: operation, message: "unexpected method \(method.id)")
    }
  }
}

extension String {
  init(_ bytes: amqp_bytes_t) {
    self.init(
      decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}
