package import Hashing

/// What somebody is known by: the hash of a key, or of a session's value.
package enum Credential: Hashable, Sendable {
  case key(SHA256)
  case session(SHA256)
}
