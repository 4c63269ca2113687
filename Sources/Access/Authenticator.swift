import Hashing
import Service
package import Web

/// Finds out on whose behalf a request is made, in one worker.
///
/// A key is remembered for half a second, so that a client that asks often costs no look-up for each
/// request. A key that is disabled, changed or deleted counts as it is within that time, and so does the end
/// of a session. What isn't known is never remembered: a new key is good at once.
package final class Authenticator {
  private let keys: any KeySource
  private let quotas: (any QuotaCounter)?
  /// What the installation offers to everyone.
  private let offers: Set<Permission.Offer>
  private var wrongKeys: WrongKeys
  /// The same of sessions, by themselves: who has many ended ones may sign in.
  private var wrongSessions: WrongKeys
  private var remembered = RememberedKeys()
  private var ended = EndedSessions()

  /// - Parameters:
  ///   - keys: The keys that have been issued.
  ///   - quotas: Counts the requests of keys with a limit; nil for no limits.
  ///   - wrongKeys: How many wrong keys a client may send to this worker, and how many wrong sessions.
  ///   - offers: What the installation offers to everyone.
  package init(
    _ keys: any KeySource = NoKeys(), quotas: (any QuotaCounter)? = nil,
    wrongKeys: WrongKeys = WrongKeys(limit: 0),
    offers: Set<Permission.Offer> = [.shortening, .statistics]
  ) {
    self.keys = keys
    self.quotas = quotas
    self.wrongKeys = wrongKeys
    wrongSessions = wrongKeys
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
    let caller = try caller(of: request, key: key, takesSession: permission != .signIn)
    if caller == .anyone, isOffered(permission, to: request) { return Admission(.anyone) }
    let quota = try count(caller)
    if let refusal = caller.refusal(of: permission) { throw refusal }
    return Admission(caller, quota: quota)
  }

  /// Whether somebody without credentials may do what is asked.
  private func isOffered(_ permission: Permission, to request: Request) -> Bool {
    switch permission {
    case .open: true
    case .offered(let offer): offers.contains(offer)
    case .signIn: request.isOfOwnPage
    case .read, .create, .edit, .own: false
    }
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
      case .noKey, .invalidKey, .sessionEnded, .forbidden, .unavailable: return .success(nil)
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
  /// A key counts before a session.
  ///
  /// - Throws: `AccessFailure` when there are credentials that no key has, or when that can't be found out.
  package func caller(
    of request: Request, key: String? = nil, takesSession: Bool = true
  ) throws(AccessFailure) -> Caller {
    let now = SystemClock.bootMilliseconds()
    if takesSession, key == nil, !request.hasKey, let session = request.session {
      return .key(try self.key(ofSession: session, from: request.remoteAddress, at: now))
    }
    // A sign-in takes a code in its body, and then an Authorization of another scheme is no key either.
    guard takesSession || key != nil || request.hasKey else { return .anyone }
    let sent = key.map { KeySecret($0.utf8) } ?? request.credentials.map { KeySecret($0) }
    guard let sent else { return .anyone }
    guard let secret = sent else {
      try refuseTooMany(from: request.remoteAddress, at: now)
      throw wrongKey(from: request.remoteAddress, at: now)
    }
    return .key(try self.key(of: secret.hash, from: request.remoteAddress, at: now))
  }

  private func key(
    of hash: SHA256, from address: Request.Bytes, at now: Int64
  ) throws(AccessFailure) -> Key {
    let credential = Credential.key(hash)
    if let known = remembered.key(of: credential, at: now) { return known }
    // A key that was good is looked up again whatever others send from its address.
    if !remembered.hasMet(credential) { try refuseTooMany(from: address, at: now) }
    // The moment before the look-up counts: what is read may be as old as that.
    let key = try keys.find(hash)
    remembered.keep(key, of: credential, at: now)
    guard let key else { throw wrongKey(from: address, at: now) }
    return key
  }

  private func key(
    ofSession value: Request.Bytes, from address: Request.Bytes, at now: Int64
  ) throws(AccessFailure) -> Key {
    guard let hash = Token(value)?.hash, !ended.contains(hash, at: now) else { throw .sessionEnded }
    let credential = Credential.session(hash)
    if let known = remembered.key(of: credential, at: now) { return known }
    if !remembered.hasMet(credential), let wait = wrongSessions.wait(of: address, at: now) {
      throw .tooManyWrongKeys(retryAfterSeconds: wait)
    }
    let key = try keys.find(session: hash)
    remembered.keep(key, of: credential, at: now)
    if let key { return key }
    ended.insert(hash, at: now)
    wrongSessions.note(address, at: now)
    throw .sessionEnded
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

  /// Whether it has a key.
  ///
  /// An Authorization of another scheme is none: it may be for a proxy.
  fileprivate var hasKey: Bool { credentials.map { apiKey != nil || !$0.isEmpty } ?? false }
}
