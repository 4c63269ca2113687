package import Service
import Synchronization

/// Up to when this host's invalidator has heard all changes of links, for monitoring.
///
/// It is read from the page itself: a frozen or dead invalidator can't report its state.
package struct Heartbeat: Sendable {
  private let path: String

  package init(_ state: StateDirectory) {
    path = state.generations
  }

  /// How long ago that was, in milliseconds; nil without a page, or without a beat since the
  /// machine's start.
  package var age: Int64? {
    guard let page = try? GenerationPage(reading: path) else { return nil }
    let beat = page.beat.pointee.load(ordering: .acquiring)
    let now = SystemClock.bootMilliseconds()
    return beat > 0 && beat <= now ? now - beat : nil
  }
}
