import CRedis

/// What Redis answered, copied out of hiredis' `redisReply`.
package enum Reply: Hashable, Sendable {
  case null
  case status(String)
  case integer(Int64)
  case bulk([UInt8])
  case array([Reply])
  /// An error reply; it stands in place of one reply, the session goes on.
  case error(String)

  /// The text of a status or a bulk string.
  package var text: String? {
    switch self {
    case .status(let text): text
    case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// An integer, also one written as a bulk string.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .bulk(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
    default: nil
    }
  }

  package var elements: [Reply]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// - Returns: `nil` for a type that this protocol version doesn't have.
  init?(copying raw: redisReply) {
    switch raw.type {
    case REDIS_REPLY_NIL: self = .null
    case REDIS_REPLY_INTEGER: self = .integer(raw.integer)
    case REDIS_REPLY_STATUS: self = .status(String(decoding: Self.bytes(raw), as: UTF8.self))
    case REDIS_REPLY_ERROR: self = .error(String(decoding: Self.bytes(raw), as: UTF8.self))
    case REDIS_REPLY_STRING: self = .bulk(Array(Self.bytes(raw)))
    case REDIS_REPLY_ARRAY:
      var elements: [Reply] = []
      for index in 0..<raw.elements {
        guard let element = raw.element?[index], let reply = Reply(copying: element.pointee) else {
          return nil
        }
        elements.append(reply)
      }
      self = .array(elements)
    default: return nil
    }
  }

  private static func bytes(_ raw: redisReply) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: raw.str, count: raw.str == nil ? 0 : raw.len)
  }
}
