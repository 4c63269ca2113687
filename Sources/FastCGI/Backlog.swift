/// For how long there has always been a request waiting for this worker.
///
/// The worker's `Listener` notes each time that it found none waiting; a handler asks. A worker
/// that always has one is behind, so the request it takes next has waited too.
package final class Backlog {
  /// By the coarse monotonic clock, in milliseconds.
  private var emptyAt = Watcher.now()

  package init() {}

  /// Time since no request was waiting, to the precision of the kernel's tick.
  package var milliseconds: Int { Watcher.now() - emptyAt }

  func wasEmpty(at now: Int) { emptyAt = now }
}
