import Files
package import Service
import Synchronization

/// The generations of links as a reader sees them: whether what it remembers may still be taken.
///
/// The invalidator adds 1 to the counter of each link whose change was announced, and its beat says
/// up to which moment it has heard all announcements. A reader loads the counter *before* it asks
/// Redis or PostgreSQL, and remembers it with the answer. So a change that the answer may lack has
/// another counter as soon as the beat has passed it.
///
/// Without a page, or while nobody beats, an answer is good for a short while and no longer.
package final class GenerationTable {
  /// How old a fresh beat is at most; how long an answer is good without one.
  package static let patienceMilliseconds: Int64 = 500
  /// How far a fresh beat may lie ahead: a reader may be stopped after it has looked at the clock.
  package static let leadMilliseconds: Int64 = 100

  private let path: String
  private var page: GenerationPage?

  /// Opens no page yet: `tick` does.
  package init(_ state: StateDirectory) {
    path = state.generations
  }

  /// The slot of a link's name (`LinkKey.name`).
  package static func slot(of name: some Sequence<UInt8>) -> Int { GenerationPage.slot(of: name) }

  /// The generation of a slot now; 0 without a page.
  package func generation(of slot: Int) -> UInt32 {
    page?.counters[slot].load(ordering: .acquiring) ?? 0
  }

  /// Whether the beat is fresh: all that was announced before it is in the counters.
  ///
  /// A beat of before the machine's start may be any number, so nothing is computed with it.
  package func isFresh(at now: Int64) -> Bool {
    guard let beat = page?.beat.pointee.load(ordering: .acquiring) else { return false }
    return beat > 0 && beat >= now - Self.patienceMilliseconds
      && beat <= now + Self.leadMilliseconds
  }

  /// Whether an answer may still be taken.
  ///
  /// It asks the system for nothing. The beat is loaded before the counter: what it vouches for is in the counter then.
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

  /// Looks for a page where there is none, and for another one while nobody beats; to be called about
  /// once a second.
  package func tick() {
    guard !isFresh(at: SystemClock.bootMilliseconds()), page?.file.isInPlace != true else { return }
    page = try? GenerationPage(reading: path)
  }
}
