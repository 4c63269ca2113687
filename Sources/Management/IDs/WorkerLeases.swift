package import Links
package import Sessions

/// A store that grants worker numbers for a term.
///
/// It promises to `Lease` that a number has one owner at a time by the store's own clock. The
/// ceiling in its answer is recorded before it answers, for the number's next owner.
package protocol WorkerLeases: AnyObject {
  /// Takes any free number.
  ///
  /// - Parameters:
  ///   - owner: Unique among all processes, for all time.
  ///   - term: Milliseconds.
  ///   - wall: The caller's clock, in milliseconds since the Snowflake epoch.
  /// - Returns: The number, or why there is none.
  /// - Throws: When the store can't be asked.
  func acquire(owner: String, term: Int64, wall: Int64) throws(StoreError) -> LeaseAnswer

  /// Begins a new term and records `ceiling`, if the number still belongs to the owner.
  ///
  /// - Returns: The recorded ceiling, or `nil` if the number doesn't belong to the owner.
  func renew(
    _ number: Int, owner: String, term: Int64, ceiling: Int64
  ) throws(StoreError) -> Int64?

  /// Returns the number, with the last timestamp that was really used.
  func release(_ number: Int, owner: String, last: Int64) throws(StoreError)

  /// A number that stays the same while the store can't have forgotten what it last confirmed.
  var epoch: Int? { get }
}
