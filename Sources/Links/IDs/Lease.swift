/// The right to make ids with a worker number: until when, and up to which timestamp.
///
/// Two limits keep two processes from ever making the same id. The *term* ends by a clock that
/// never steps and also runs while the machine sleeps. It ends before the store can give the number
/// to another process. The *ceiling* is the last timestamp that may be used. The store recorded it
/// before the first id was made, and the number's next holder starts after it. So ids stay unique
/// even if one is stored late, or if a store's clock steps.
package struct Lease: Sendable {
  package let source: LeaseSource
  package var number: Int { generator.worker }
  /// The last timestamp used, or the one before the first.
  package var last: Int64 { generator.last }

  var generator: SnowflakeGenerator
  var ceiling: Int64
  /// The end of the lease by the clock that never steps.
  var endsAt: Int64
  /// The time to renew, by the same clock.
  var renewsAt: Int64
  /// Whether the store may have forgotten the lease: no id may be made until it is renewed.
  var isDoubtful = false
}

/// The store that granted a lease.
package enum LeaseSource: Hashable, Sendable {
  case primary
  /// Asked only while the primary grants no lease.
  case fallback
}

/// A store's answer to a request for a number.
package enum LeaseAnswer: Equatable, Sendable {
  /// - Parameters:
  ///   - last: No id with this number has a later timestamp.
  ///   - ceiling: Already recorded as the new `last`.
  case granted(number: Int, last: Int64, ceiling: Int64)
  /// Every number is taken.
  case noneFree
  /// The store was restarted; it grants nothing until all forgotten leases must have ended.
  case gracePeriod(milliseconds: Int64)
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
