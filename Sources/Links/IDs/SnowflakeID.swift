/// A 64-bit id that grows with time and is used once.
///
/// From the top it has a zero bit, 41 bits of milliseconds, 10 bits of worker id, and 12 bits of
/// sequence within the millisecond. The milliseconds count from 2024-01-01T00:00:00Z, until 2093.
package struct SnowflakeID: Hashable, Comparable, Sendable {
  /// 2024-01-01T00:00:00Z in milliseconds since 1970.
  package static let epochMilliseconds: Int64 = 1_704_067_200_000
  package static let maximumTimestamp: Int64 = 1 << 41 - 1
  package static let maximumWorker = 1023
  package static let maximumSequence = 4095

  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  /// - Parameters:
  ///   - timestamp: Milliseconds since the epoch above, `0...maximumTimestamp`.
  ///   - worker: `0...maximumWorker`.
  ///   - sequence: `0...maximumSequence`.
  package init(timestamp: Int64, worker: Int, sequence: Int) {
    precondition((0...Self.maximumTimestamp).contains(timestamp))
    precondition((0...Self.maximumWorker).contains(worker))
    precondition((0...Self.maximumSequence).contains(sequence))
    rawValue = timestamp << 22 | Int64(worker) << 12 | Int64(sequence)
  }

  package var timestamp: Int64 { rawValue >> 22 }
  package var worker: Int { Int(rawValue >> 12 & 0x3FF) }
  package var sequence: Int { Int(rawValue & 0xFFF) }

  /// When it was made, in milliseconds since 1970.
  package var createdAt: Int64 { timestamp + Self.epochMilliseconds }

  package static func < (left: SnowflakeID, right: SnowflakeID) -> Bool {
    left.rawValue < right.rawValue
  }
}
