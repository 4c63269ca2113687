import Foundation
import Synchronization
import TestSupport

/// Beats into a page all the time, as the invalidator does, until it is stopped.
final class Heartbeat: Sendable {
  private let isStopped = Atomic(false)

  init(_ page: GenerationPage) {
    page.beat()
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        page.beat()
        usleep(20_000)
      }
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }
}
