/// How many messages a consumer is delivered before it acknowledges any.
///
/// The broker can only count messages; memory is bounded in bytes. So the number follows from the
/// largest message: that which RELAY_MESSAGE_BYTES allows here, or a larger one of another relay.
struct Prefetch {
  /// The limit of bytes delivered and not acknowledged; one message is always taken.
  static let maximumBytes = 128 << 20
  private static let maximumCount = 448

  private var largestMessage: Int

  /// - Parameter messageBytes: The largest message to be expected.
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
