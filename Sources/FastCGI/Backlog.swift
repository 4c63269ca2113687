/// For how long requests have been waiting for a worker without a pause.
///
/// The worker's `Listener` notes each time that it found none waiting; a handler asks. A worker that
/// is never without one is behind, and what it takes up next has waited as well.
package final class Backlog {
  /// By the coarse monotonic clock, in milliseconds.
  private var emptyAt = Watcher.now()

  package init() {}

  /// How long the last moment ago is at which none was waiting, as precisely as the kernel's tick.
  package var milliseconds: Int { Watcher.now() - emptyAt }

  func wasEmpty(at now: Int) { emptyAt = now }
}
