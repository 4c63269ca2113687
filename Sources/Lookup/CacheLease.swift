/// The right to cache PostgreSQL's answer about a name, taken before PostgreSQL is asked.
///
/// A change that is announced meanwhile ends the lease. So an old answer never replaces a newer
/// one, however late it comes.
package struct CacheLease: Equatable, Sendable {
  /// The name's slot in the page of generations.
  let slot: Int
  /// The slot's generation, loaded before any store was asked.
  let generation: UInt32
  /// The moment before any store was asked, by `SystemClock.bootMilliseconds`.
  let begin: Int64
  /// Redis' value, which must be unchanged when the answer is written; nil forbids a write to
  /// Redis.
  var standing: [UInt8]?
  /// Whether `standing` is this process's own token, made for this answer.
  var isOwn = false
  /// Whether Redis could not be asked.
  var isRedisSilent = false
}
