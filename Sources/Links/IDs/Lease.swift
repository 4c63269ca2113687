/// The right to make ids with a worker number: until when, and up to which timestamp.
///
/// Two fences keep two processes from ever making one id. The *term* ends by a clock that runs on
/// while the machine sleeps and never steps, before the store can give the number to another. The
/// *ceiling* is the last timestamp that may be used; the store recorded it before the first id was
/// made, and whoever gets the number next starts after it. So even an id that was made in time and
/// stored late, or a store whose clock stepped, leads to no second one.
package struct Lease: Sendable {
  package let source: LeaseSource
  package var number: Int { generator.worker }
  /// The last timestamp used so far, or the one before the first.
  package var last: Int64 { generator.last }

  var generator: SnowflakeGenerator
  var ceiling: Int64
  /// On the clock that never steps: not an id from here on.
  var endsAt: Int64
  /// On the same clock: time to renew.
  var renewsAt: Int64
  /// The store may have forgotten the lease: not an id before it was renewed.
  var isDoubtful = false
}

/// Which store gave a lease.
package enum LeaseSource: Hashable, Sendable {
  case primary
  /// Asked only while the primary gives none.
  case fallback
}

/// What a store says to one who wants a number.
package enum LeaseAnswer: Equatable, Sendable {
  /// - Parameters:
  ///   - last: No id with this number has a later timestamp.
  ///   - ceiling: Recorded as the new `last` already.
  case granted(number: Int, last: Int64, ceiling: Int64)
  /// Every number is taken.
  case noneFree
  /// The store was started anew, and gives nothing until leases that it forgot must have ended.
  case settling(milliseconds: Int64)
}

/// The two clocks, read together, in milliseconds.
package struct LeaseMoment: Sendable {
  /// Since the Snowflake epoch; may step.
  package var wall: Int64
  /// Never steps, and runs while the machine sleeps.
  package var boot: Int64

  package init(wall: Int64, boot: Int64) {
    self.wall = wall
    self.boot = boot
  }
}
