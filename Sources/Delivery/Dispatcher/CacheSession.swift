import Links
import Logging
import Lookup
import Redis
import Service
import Sessions

/// A dispatcher's only connection to Redis: it carries announcements and tells which Redis answers.
final class CacheSession {
  /// How long the identity is trusted, in milliseconds.
  ///
  /// A server may be made a replica, or get another one's data, while the connection stays open.
  private static let identityMilliseconds: Int64 = 1000
  /// The limit of the pause after a failed announcement.
  private static let pauseMilliseconds: Int64 = 200

  private let session: RedisSession
  private let log: Logger
  private var known: (identity: CacheIdentity?, connection: Int, end: Int64)?
  private var isNameless = false

  init(_ settings: DispatcherSettings, log: Logger) throws(SettingError) {
    session = try RedisSession(
      settings.settings, timeoutMilliseconds: settings.redisTimeoutMilliseconds,
      longestPauseMilliseconds: Self.pauseMilliseconds, log: log)
    self.log = log
  }

  /// The identity of the answering Redis: read on each new connection, and once a second.
  ///
  /// - Returns: Nil when it doesn't state one.
  /// - Throws: When it can't be asked.
  func identity(at now: Int64) throws(StoreError) -> CacheIdentity? {
    if let known, known.connection == session.standing, now < known.end { return known.identity }
    return try askIdentity(at: now)
  }

  /// The identity, read now.
  func askIdentity(at now: Int64) throws(StoreError) -> CacheIdentity? {
    known = nil
    let identity = CacheIdentity(try session.run(CacheIdentity.questions))
    if identity == nil, !isNameless {
      log.warning("Redis doesn't say which one it is: it must permit INFO to this user")
    }
    isNameless = identity == nil
    if let standing = session.standing {
      known = (identity, standing, now + Self.identityMilliseconds)
    }
    return identity
  }

  /// Announces links as changed.
  ///
  /// - Throws: When it failed, or may have failed. Also when the connection was opened anew
  ///   meanwhile: the Redis that got the announcement may be another one. Then the connection is
  ///   dropped. There may be another server behind its address, or this one may be a replica now.
  func announce(_ keys: [LinkKey]) throws(StoreError) {
    guard !keys.isEmpty else { return }
    do throws(StoreError) {
      try Announcement.announce(keys, session)
      guard session.standing == known?.connection else {
        throw StoreError(.redis, .unavailable, during: "announce changes", "another connection")
      }
    } catch {
      session.close()
      throw error
    }
  }

  func close() { session.close() }
}
