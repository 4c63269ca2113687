import Hashing
import Service
package import Web

/// Finds out on whose behalf a request is made, in one worker.
///
/// A key is remembered for half a second, so that a client that asks often costs no look-up for each
/// request. A key that is disabled, changed or deleted counts as it is within that time. What isn't known is
/// never remembered: a new key is good at once.
package final class Authenticator {
  private struct Remembered {
    let key: Key
    /// On the boot clock.
    let end: Int64
  }

  private let keys: any KeySource
  private var remembered: [SHA256: Remembered] = [:]

  private static let rememberedMilliseconds: Int64 = 500
  private static let rememberedLimit = 1000

  package init(_ keys: any KeySource = NoKeys()) {
    self.keys = keys
  }

  /// The caller of a request, who may do what is asked.
  ///
  /// - Throws: `AccessFailure` when the caller may not, or is unknown, or can't be found out.
  package func caller(
    of request: Request, for permission: Permission
  ) throws(AccessFailure) -> Caller {
    if permission == .open { return .anyone }
    let caller = try caller(of: request)
    if let refusal = caller.refusal(of: permission) { throw refusal }
    return caller
  }

  /// The caller of a request, whatever is asked; without credentials it is anyone.
  ///
  /// - Throws: `AccessFailure` when there are credentials that no key has, or when that can't be found out.
  package func caller(of request: Request) throws(AccessFailure) -> Caller {
    guard let credentials = request.credentials else { return .anyone }
    guard let secret = KeySecret(credentials) else { throw .invalidKey }
    return .key(try key(of: secret.hash))
  }

  private func key(of hash: SHA256) throws(AccessFailure) -> Key {
    let now = SystemClock.bootMilliseconds()
    if let known = remembered[hash], now < known.end, known.key.rights.areValid { return known.key }
    remembered[hash] = nil
    // The moment before the look-up counts: what is read may be as old as that.
    guard let key = try keys.find(hash) else { throw .invalidKey }
    if remembered.count >= Self.rememberedLimit { remembered = [:] }
    remembered[hash] = Remembered(key: key, end: now + Self.rememberedMilliseconds)
    return key
  }
}

extension KeyRights {
  /// Whether they haven't expired.
  fileprivate var areValid: Bool { expiresAt.map { SystemClock.milliseconds() < $0 } ?? true }
}

extension Request {
  /// What was sent as a key; nil when nothing was.
  fileprivate var credentials: Slice<Bytes>? {
    if let apiKey { return apiKey[...] }
    guard let authorization else { return nil }
    // The scheme's name in any case, then blanks (RFC 9110, section 11.4).
    let scheme = authorization.prefix { $0 != 0x20 }
    guard scheme.map({ $0 | 0x20 }).elementsEqual("bearer".utf8) else { return authorization[..<0] }
    return authorization[scheme.endIndex...].drop { $0 == 0x20 }
  }
}
