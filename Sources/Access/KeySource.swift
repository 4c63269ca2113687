package import Hashing

/// Where the keys are that have been issued.
package protocol KeySource: AnyObject {
  /// The key with a hash; nil when there is none, or one that is disabled or has expired.
  ///
  /// - Throws: `unavailable` when that can't be found out now.
  func find(_ hash: SHA256) throws(AccessFailure) -> Key?

  /// The key of the session whose value has a hash, with the session; nil when it has ended.
  ///
  /// - Throws: `unavailable` when that can't be found out now.
  func find(session hash: SHA256) throws(AccessFailure) -> Key?
}

/// No key has been issued.
package final class NoKeys: KeySource {
  package init() {}

  package func find(_: SHA256) -> Key? { nil }
  package func find(session _: SHA256) -> Key? { nil }
}
