/// A request that may be made.
package struct Admission: Equatable, Sendable {
  package let caller: Caller
  /// What is left of the key's requests; nil without a key, and for a key without a limit.
  package let quota: Quota?

  package init(_ caller: Caller, quota: Quota? = nil) {
    self.caller = caller
    self.quota = quota
  }
}
