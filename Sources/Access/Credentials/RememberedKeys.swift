import Service

/// The credentials that were good when a worker looked them up last, with the key of each.
///
/// What isn't good is never here: a new key is good at once.
struct RememberedKeys {
  private struct Entry {
    let key: Key
    /// On the boot clock.
    let end: Int64
  }

  private var entries: [Credential: Entry] = [:]

  private static let milliseconds: Int64 = 500
  private static let limit = 1000

  /// Whether a credential was good when it was looked up last, however long ago.
  func hasMet(_ credential: Credential) -> Bool { entries[credential] != nil }

  /// The key of a credential; nil where it has to be looked up.
  func key(of credential: Credential, at now: Int64) -> Key? {
    guard let entry = entries[credential], now < entry.end, entry.key.isValid else { return nil }
    return entry.key
  }

  /// Keeps what a look-up has found; nil for nothing.
  mutating func keep(_ key: Key?, of credential: Credential, at now: Int64) {
    guard let key else {
      entries[credential] = nil
      return
    }
    if entries.count >= Self.limit { entries = [:] }
    entries[credential] = Entry(key: key, end: now + Self.milliseconds)
  }
}

extension Key {
  /// Whether neither it nor its session has expired.
  fileprivate var isValid: Bool {
    let ends = [rights.expiresAt, session?.endsAt].compactMap(\.self)
    guard let end = ends.min() else { return true }
    return SystemClock.milliseconds() < end
  }
}
