import Files
package import Service
import Synchronization

/// Reads the generations of links: they tell a reader whether a remembered answer is still valid.
///
/// The invalidator adds 1 to the counter of each link whose change was announced. Its beat states
/// up to which moment it has heard all announcements. A reader loads the counter *before* it asks
/// Redis or PostgreSQL, and remembers it with the answer. If the answer misses a change, the
/// counter differs as soon as the beat has passed that change.
///
/// Without a page or a fresh beat, an answer is valid for a short while only.
package final class GenerationTable {
  /// The limit of a fresh beat's age; without a fresh beat, also the limit of an answer's age.
  package static let patienceMilliseconds: Int64 = 500
  /// How far a fresh beat may lie in the future: a reader may be stopped after it has read the
  /// clock.
  package static let leadMilliseconds: Int64 = 100

  private let path: String
  private var page: GenerationPage?

  /// A table without a page; `tick` opens it.
  package init(_ state: StateDirectory) {
    path = state.generations
  }

  /// The slot of a link's name (`LinkKey.name`).
  package static func slot(of name: some Sequence<UInt8>) -> Int { GenerationPage.slot(of: name) }

  /// The generation of a slot now; 0 without a page.
  package func generation(of slot: Int) -> UInt32 {
    page?.counters[slot].load(ordering: .acquiring) ?? 0
  }

  /// Whether the beat is fresh: all changes announced before it are in the counters.
  ///
  /// A beat from before the machine's start may be any number, so it is only compared.
  package func isFresh(at now: Int64) -> Bool {
    guard let beat = page?.beat.pointee.load(ordering: .acquiring) else { return false }
    return beat > 0 && beat >= now - Self.patienceMilliseconds
      && beat <= now + Self.leadMilliseconds
  }

  /// Whether an answer is still valid.
  ///
  /// It makes no system call. The beat is loaded before the counter, so the counter includes all
  /// changes that the beat covers.
  ///
  /// - Parameters:
  ///   - slot: The slot of the link's name.
  ///   - generation: The slot's generation before Redis or PostgreSQL was asked.
  ///   - begin: The moment before that, in milliseconds.
  ///   - now: The moment before this call, in milliseconds.
  /// - Returns: False when a change may have been announced since.
  package func holds(_ slot: Int, _ generation: UInt32, since begin: Int64, at now: Int64) -> Bool {
    let isFresh = isFresh(at: now)
    return self.generation(of: slot) == generation
      && (isFresh || now < begin + Self.patienceMilliseconds)
  }

  /// Looks for a page if there is none, and for a new one without a beat; called about once a
  /// second.
  package func tick() {
    guard !isFresh(at: SystemClock.bootMilliseconds()), page?.file.isInPlace != true else { return }
    page = try? GenerationPage(reading: path)
  }
}
