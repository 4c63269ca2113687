package import Links

/// What one process was told of the links that it was asked for last, good for a moment only.
///
/// It stands in front of Redis: a link that everybody follows costs one look-up a moment and not one
/// a redirect. What another process changes is seen here once the moment is over. It is a table of
/// fixed size: a key has one place in it, and the next key with that place takes it over.
package struct HotLinks {
  /// An object, so that a look-up copies no more of it than the answer.
  private final class Entry: Sendable {
    let key: LinkKey
    let lookup: CacheLookup
    /// When the entry expires, in milliseconds.
    let end: Int64

    init(_ key: LinkKey, _ lookup: CacheLookup, end: Int64) {
      self.key = key
      self.lookup = lookup
      self.end = end
    }
  }

  /// A longer URL is not kept: so the table has its bound in bytes, too.
  package static let maximumURLBytes = 512

  private let lifetime: Int64
  private var entries: [Entry?]

  /// - Parameters:
  ///   - lifetimeMilliseconds: How long an entry is good for; 0 for a table that keeps nothing.
  ///   - places: How many entries there are at most.
  package init(lifetimeMilliseconds: Int, places: Int = 4096) {
    lifetime = Int64(lifetimeMilliseconds)
    entries = Array(repeating: nil, count: lifetimeMilliseconds > 0 ? places : 0)
  }

  /// What is remembered of a link, `.unknown` when that is nothing; `now` is in milliseconds, by a
  /// clock that never steps.
  package func lookup(_ key: LinkKey, at now: Int64) -> CacheLookup {
    guard let place = place(of: key), let entry = entries[place], entry.key == key,
      now < entry.end
    else { return .unknown }
    return entry.lookup
  }

  /// What a key led to when it was last looked up, however long ago: better than nothing when nobody
  /// can be asked.
  package func lastLink(_ key: LinkKey) -> PlainLink? {
    guard let place = place(of: key), let entry = entries[place], entry.key == key,
      case .hit(let link) = entry.lookup
    else { return nil }
    return link
  }

  /// Remembers what was found, or with `.unknown` nothing any more.
  package mutating func remember(_ key: LinkKey, _ lookup: CacheLookup, at now: Int64) {
    guard let place = place(of: key) else { return }
    switch lookup {
    case .unknown:
      forget(key)
    case .hit(let link) where link.destination.description.utf8.count > Self.maximumURLBytes:
      forget(key)
    case .hit, .missing:
      entries[place] = Entry(key, lookup, end: now + lifetime)
    }
  }

  package mutating func forget(_ key: LinkKey) {
    guard let place = place(of: key), entries[place]?.key == key else { return }
    entries[place] = nil
  }

  private func place(of key: LinkKey) -> Int? {
    guard !entries.isEmpty else { return nil }
    return Int(UInt(bitPattern: key.hashValue) % UInt(entries.count))
  }
}
