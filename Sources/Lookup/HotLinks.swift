package import Links

/// One process's memory of the links that it looked up last.
///
/// It spares Redis: a popular link costs a look-up now and then, and not one for each redirect. An
/// entry is valid until its lifetime ends, while its generation is the current one
/// (`GenerationTable`). The table has a fixed size. A key has one place in it, and another key with
/// that place replaces it.
package struct HotLinks {
  /// An object, so that a look-up copies only the answer.
  private final class Entry: Sendable {
    let key: LinkKey
    let record: LinkRecord
    let slot: Int
    let generation: UInt32
    /// The moment before Redis or PostgreSQL was asked, in milliseconds.
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

  /// The limit of a remembered URL, which also bounds the table in bytes.
  package static let maximumURLBytes = 512
  /// The limit of another record, for the same reason.
  package static let maximumRecordBytes = 8192
  /// The limit of the lifetime of “no such link”: a new link is not announced.
  package static let maximumMissMilliseconds: Int64 = 500

  private let lifetime: Int64
  private let generations: GenerationTable
  private var entries: [Entry?]

  /// - Parameters:
  ///   - lifetimeMilliseconds: How long an entry is valid; 0 for a table that keeps nothing.
  ///   - places: The limit of entries.
  ///   - generations: Tells which entries are still valid.
  package init(lifetimeMilliseconds: Int, places: Int = 4096, generations: GenerationTable) {
    lifetime = Int64(lifetimeMilliseconds)
    self.generations = generations
    entries = Array(repeating: nil, count: lifetimeMilliseconds > 0 ? places : 0)
  }

  /// The remembered record of a link, if it is valid.
  ///
  /// `now` is in milliseconds, by a clock that never steps, and was read before this call.
  package func record(_ key: LinkKey, at now: Int64) -> LinkRecord? {
    guard let entry = entry(key), now < entry.end, holds(entry, at: now) else { return nil }
    return entry.record
  }

  /// The remembered record, also after its lifetime, if no change is known to this host.
  package func unchangedRecord(_ key: LinkKey, at now: Int64) -> LinkRecord? {
    guard let entry = entry(key), holds(entry, at: now) else { return nil }
    return entry.record
  }

  /// The last known record of a link, of any age: for when no store can be asked.
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

  /// The lease to take before any store is asked for a link.
  package func lease(_ key: LinkKey, at now: Int64) -> CacheLease {
    var name = key.name
    let slot = name.withUTF8 { GenerationTable.slot(of: $0) }
    return CacheLease(slot: slot, generation: generations.generation(of: slot), begin: now)
  }

  /// Remembers a record found under a lease.
  package mutating func remember(_ record: LinkRecord, of key: LinkKey, under lease: CacheLease) {
    guard let place = place(of: key) else { return }
    guard Self.isShort(record) else {
      if entries[place]?.key == key { entries[place] = nil }
      return
    }
    let lifetime = record == .absent ? min(lifetime, Self.maximumMissMilliseconds) : lifetime
    entries[place] = Entry(key, record, under: lease, lifetime: lifetime)
  }

  private static func isShort(_ record: LinkRecord) -> Bool {
    switch record {
    case .plain(let link): link.destination.description.utf8.count <= maximumURLBytes
    case .managed(let link): link.recordBytes <= maximumRecordBytes
    case .absent, .gone: true
    }
  }

  private func place(of key: LinkKey) -> Int? {
    guard !entries.isEmpty else { return nil }
    return Int(UInt(bitPattern: key.hashValue) % UInt(entries.count))
  }
}
