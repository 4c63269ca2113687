/// Makes the ids of one worker number, each greater than the one before, whatever the clock does.
///
/// It keeps a logical time: the clock's time, or its own last time if the clock is behind. It
/// advances by a millisecond whenever the 4096 ids of one are used up. So a clock that steps back
/// repeats no id.
package struct SnowflakeGenerator: Sendable {
  /// The worker number in every id.
  package let worker: Int
  /// No id with this number has a later timestamp.
  package private(set) var last: Int64
  private var sequence = SnowflakeID.maximumSequence

  /// - Parameters:
  ///   - worker: `0...SnowflakeID.maximumWorker`.
  ///   - last: The last timestamp that may have been used with this number; -1 for none.
  package init(worker: Int, after last: Int64) {
    self.worker = worker
    self.last = last
  }

  /// Makes the next id.
  ///
  /// - Parameters:
  ///   - now: The clock, in milliseconds since the Snowflake epoch.
  ///   - ceiling: The last timestamp that may be used.
  /// - Returns: `nil` if its timestamp would lie beyond `ceiling` or beyond the year 2093.
  package mutating func next(at now: Int64, upTo ceiling: Int64) -> SnowflakeID? {
    var timestamp = last
    var sequence = sequence + 1
    if now > last {
      (timestamp, sequence) = (now, 0)
    } else if sequence > SnowflakeID.maximumSequence {
      (timestamp, sequence) = (last + 1, 0)
    }
    guard timestamp <= min(ceiling, SnowflakeID.maximumTimestamp) else { return nil }
    (last, self.sequence) = (timestamp, sequence)
    return SnowflakeID(timestamp: timestamp, worker: worker, sequence: sequence)
  }
}
