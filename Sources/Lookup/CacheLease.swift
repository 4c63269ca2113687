/// The right to remember what PostgreSQL will say of a name, taken before it is asked.
///
/// A change that is announced meanwhile ends it. So an old answer, however late, never replaces what
/// is newer.
package struct CacheLease: Equatable, Sendable {
  /// Of the name, in the page of generations.
  let slot: Int
  /// The slot's generation, loaded before anybody was asked.
  let generation: UInt32
  /// The moment before anybody was asked, by `SystemClock.bootMilliseconds`.
  let begin: Int64
  /// What stands in Redis, and must still stand there when the answer is written; nil when nothing may
  /// be written to Redis.
  var standing: [UInt8]?
  /// Whether that is this process' own token, made for this answer.
  var isOwn = false
  /// Whether Redis could not be asked.
  var isRedisSilent = false
}
