/// The limit of messages that a consumer is delivered before it acknowledges any.
///
/// The broker can only count messages, but memory is bounded in bytes. So the number follows from
/// the largest message: the one that RELAY_MESSAGE_BYTES allows here, or a larger one of another
/// relay.
struct Prefetch {
  /// The limit of bytes delivered and not acknowledged; one message is always allowed.
  static let maximumBytes = 128 << 20
  private static let maximumCount = 448

  private var largestMessage: Int

  /// - Parameter messageBytes: The largest expected message.
  init(messageBytes: Int) {
    largestMessage = max(1, messageBytes)
  }

  var count: UInt16 {
    UInt16(clamping: max(1, min(Self.maximumCount, Self.maximumBytes / largestMessage)))
  }

  /// Notes a message, which may be larger than expected.
  mutating func note(messageBytes: Int) {
    largestMessage = max(largestMessage, messageBytes)
  }
}
