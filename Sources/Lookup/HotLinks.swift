package import Links

/// What one process was told of the links that it was asked for last.
///
/// It stands in front of Redis: a link that everybody follows costs a look-up now and then, and not one
/// a redirect. An entry is taken until its lifetime ends, and while its generation is the current one
/// (`GenerationTable`). It is a table of fixed size: a key has one place in it, and the next key with
/// that place takes it over.
package struct HotLinks {
  /// An object, so that a look-up copies no more of it than the answer.
  private final class Entry: Sendable {
    let key: LinkKey
    let record: LinkRecord
    let slot: Int
    let generation: UInt32
    /// Before Redis or PostgreSQL was asked, in milliseconds.
    let begin: Int64
    /// When the entry expires, in milliseconds.
    let end: Int64

    init(_ key: LinkKey, _ record: LinkRecord, under lease: CacheLease, lifetime: Int64) {
      self.key = key
      self.record = record
      slot = lease.slot
      generation = lease.generation
      begin = lease.begin
      end = lease.begin + lifetime
    }
  }

  /// A longer URL is not kept: so the table has its bound in bytes, too.
  package static let maximumURLBytes = 512
  /// How long it is remembered at most that there is no link: nobody announces a new one.
  package static let maximumMissMilliseconds: Int64 = 500

  private let lifetime: Int64
  private let generations: GenerationTable
  private var entries: [Entry?]

  /// - Parameters:
  ///   - lifetimeMilliseconds: How long an entry is good for; 0 for a table that keeps nothing.
  ///   - places: How many entries there are at most.
  ///   - generations: Tells which entries are still good.
  package init(lifetimeMilliseconds: Int, places: Int = 4096, generations: GenerationTable) {
    lifetime = Int64(lifetimeMilliseconds)
    self.generations = generations
    entries = Array(repeating: nil, count: lifetimeMilliseconds > 0 ? places : 0)
  }

  /// What is remembered of a link, if it may still be taken; `now` is in milliseconds, by a clock that
  /// never steps, and was read before this call.
  package func record(_ key: LinkKey, at now: Int64) -> LinkRecord? {
    guard let entry = entry(key), now < entry.end, holds(entry, at: now) else { return nil }
    return entry.record
  }

  /// The same, also after the lifetime: what no change has ended, as far as this host has heard.
  package func unchangedRecord(_ key: LinkKey, at now: Int64) -> LinkRecord? {
    guard let entry = entry(key), holds(entry, at: now) else { return nil }
    return entry.record
  }

  /// What was known of a link when it was last looked up, however long ago: better than nothing when
  /// nobody can be asked.
  package func lastRecord(_ key: LinkKey) -> LinkRecord? { entry(key)?.record }

  private func entry(_ key: LinkKey) -> Entry? {
    guard let place = place(of: key), let entry = entries[place], entry.key == key else {
      return nil
    }
    return entry
  }

  private func holds(_ entry: Entry, at now: Int64) -> Bool {
    generations.holds(entry.slot, entry.generation, since: entry.begin, at: now)
  }

  /// What is to be taken before anybody is asked for a link.
  package func lease(_ key: LinkKey, at now: Int64) -> CacheLease {
    var name = key.name
    let slot = name.withUTF8 { GenerationTable.slot(of: $0) }
    return CacheLease(slot: slot, generation: generations.generation(of: slot), begin: now)
  }

  /// Remembers what was found under a lease.
  package mutating func remember(_ record: LinkRecord, of key: LinkKey, under lease: CacheLease) {
    guard let place = place(of: key) else { return }
    var lifetime = lifetime
    switch record {
    case .plain(let link) where link.destination.description.utf8.count > Self.maximumURLBytes:
      if entries[place]?.key == key { entries[place] = nil }
      return
    case .absent: lifetime = min(lifetime, Self.maximumMissMilliseconds)
    case .plain, .gone: break
    }
    entries[place] = Entry(key, record, under: lease, lifetime: lifetime)
  }

  private func place(of key: LinkKey) -> Int? {
    guard !entries.isEmpty else { return nil }
    return Int(UInt(bitPattern: key.hashValue) % UInt(entries.count))
  }
}
