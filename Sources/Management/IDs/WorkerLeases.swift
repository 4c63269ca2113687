package import Links
package import Sessions

/// A store that gives out worker numbers for a term.
///
/// What it promises to `Lease`: a number has one owner at a time by the store's own clock, and the
/// ceiling it answered with is on record before it answers, for whoever is next.
package protocol WorkerLeases: AnyObject {
  /// Takes any free number.
  ///
  /// - Parameters:
  ///   - owner: Unlike any other process' for all time.
  ///   - term: Milliseconds.
  ///   - wall: The caller's clock, in milliseconds since the Snowflake epoch.
  /// - Returns: The number, or why there is none.
  /// - Throws: When the store can't be asked.
  func acquire(owner: String, term: Int64, wall: Int64) throws(StoreError) -> LeaseAnswer

  /// Begins a new term and records `ceiling`, if the number still is the owner's.
  ///
  /// - Returns: The ceiling on record now, or `nil` if the number is not the owner's.
  func renew(
    _ number: Int, owner: String, term: Int64, ceiling: Int64
  ) throws(StoreError) -> Int64?

  /// Gives the number back, with the last timestamp that was really used.
  func release(_ number: Int, owner: String, last: Int64) throws(StoreError)

  /// Stays the same for as long as the store can't have forgotten what it last confirmed.
  var epoch: Int? { get }
}
