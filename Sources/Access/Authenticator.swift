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
  private let quotas: (any QuotaCounter)?
  /// What the installation offers to everyone.
  private let offers: Set<Permission.Offer>
  private var wrongKeys: WrongKeys
  /// Keys that were good when they were looked up last.
  private var remembered: [SHA256: Remembered] = [:]

  private static let rememberedMilliseconds: Int64 = 500
  private static let rememberedLimit = 1000

  /// - Parameters:
  ///   - keys: The keys that have been issued.
  ///   - quotas: Counts the requests of keys with a limit; nil for no limits.
  ///   - wrongKeys: How many wrong keys a client may send to this worker.
  ///   - offers: What the installation offers to everyone.
  package init(
    _ keys: any KeySource = NoKeys(), quotas: (any QuotaCounter)? = nil,
    wrongKeys: WrongKeys = WrongKeys(limit: 0),
    offers: Set<Permission.Offer> = [.shortening, .statistics]
  ) {
    self.keys = keys
    self.quotas = quotas
    self.wrongKeys = wrongKeys
    self.offers = offers
  }

  /// Admits a request whose caller may do what is asked, and counts it where its key has a limit.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - key: A key that came elsewhere than in the header lines, and counts before theirs.
  ///   - permission: What is asked.
  /// - Returns: The caller, and what is left of the key's requests.
  /// - Throws: `AccessFailure` when the caller may not, or is unknown, or can't be found out.
  package func admit(
    _ request: Request, key: String? = nil, for permission: Permission
  ) throws(AccessFailure) -> Admission {
    if permission == .open { return Admission(.anyone) }
    let caller = try caller(of: request, key: key)
    if caller == .anyone, case .offered(let offer) = permission, offers.contains(offer) {
      return Admission(.anyone)
    }
    let quota = try count(caller)
    if let refusal = caller.refusal(of: permission) { throw refusal }
    return Admission(caller, quota: quota)
  }

  /// The answer to a request under `/rest` that no operation takes.
  ///
  /// It counts as any other, and so does a wrong key: nginx counts no request with a key by its address.
  package func refuseLost(_ request: Request) -> Problem {
    switch countLost(request) {
    case .failure(let failure): failure.problem
    case .success(let quota):
      Problem(
        ProblemType.Shlink.notFound, detail: ProblemType.Shlink.notFound.summary,
        fields: quota?.fields ?? [])
    }
  }

  /// The refusal of a request elsewhere that no operation takes: by the limits of its key alone.
  package func refuseFlood(_ request: Request) -> Problem? {
    if case .failure(let failure) = countLost(request) { failure.problem } else { nil }
  }

  /// Counts a request that no operation takes; a failure is one of too many requests.
  private func countLost(_ request: Request) -> Result<Quota?, AccessFailure> {
    do throws(AccessFailure) {
      return .success(try count(caller(of: request)))
    } catch {
      switch error {
      case .tooManyWrongKeys, .exhausted: return .failure(error)
      // No key is needed to learn that nothing is there.
      case .noKey, .invalidKey, .forbidden, .unavailable: return .success(nil)
      }
    }
  }

  /// Counts a request where the caller's key has a limit.
  private func count(_ caller: Caller) throws(AccessFailure) -> Quota? {
    guard let key = caller.key, let limit = key.rateLimit,
      let quota = quotas?.count(key.id, limit: limit)
    else { return nil }
    guard !quota.isExceeded else { throw .exhausted(quota) }
    return quota
  }

  /// The caller of a request, whatever is asked; without credentials it is anyone.
  ///
  /// - Throws: `AccessFailure` when there are credentials that no key has, or when that can't be found out.
  package func caller(
    of request: Request, key: String? = nil
  ) throws(AccessFailure) -> Caller {
    let sent = key.map { KeySecret($0.utf8) } ?? request.credentials.map { KeySecret($0) }
    guard let sent else { return .anyone }
    let now = SystemClock.bootMilliseconds()
    guard let secret = sent else {
      try refuseTooMany(from: request.remoteAddress, at: now)
      throw wrongKey(from: request.remoteAddress, at: now)
    }
    return .key(try self.key(of: secret.hash, from: request.remoteAddress, at: now))
  }

  private func key(
    of hash: SHA256, from address: Request.Bytes, at now: Int64
  ) throws(AccessFailure) -> Key {
    if let known = remembered[hash] {
      if now < known.end, known.key.rights.areValid { return known.key }
    } else {
      // A key that was good is looked up again whatever others send from its address.
      try refuseTooMany(from: address, at: now)
    }
    // The moment before the look-up counts: what is read may be as old as that.
    guard let key = try keys.find(hash) else {
      remembered[hash] = nil
      throw wrongKey(from: address, at: now)
    }
    if remembered.count >= Self.rememberedLimit { remembered = [:] }
    remembered[hash] = Remembered(key: key, end: now + Self.rememberedMilliseconds)
    return key
  }

  private func refuseTooMany(from address: Request.Bytes, at now: Int64) throws(AccessFailure) {
    if let wait = wrongKeys.wait(of: address, at: now) {
      throw .tooManyWrongKeys(retryAfterSeconds: wait)
    }
  }

  /// Counts a wrong key, and says what it is answered.
  private func wrongKey(from address: Request.Bytes, at now: Int64) -> AccessFailure {
    wrongKeys.note(address, at: now)
    return .invalidKey
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
