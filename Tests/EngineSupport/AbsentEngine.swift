import Foundation
import Glibc
import TestSupport

/// An engine's Unix socket without a working server, and the number of attempts by clients.
///
/// Every connection ends at once, or the server is silent.
package final class AbsentEngine {
  /// Of its socket, if that has one of its own.
  private let scratch: ScratchDirectory?
  package let path: String
  private let proxy: FaultProxy
  private let begin = ContinuousClock.now

  /// At a path of this name in a directory of its own, before an engine that may be there.
  package init(name: String, before engine: String = "/nonexistent-directory/s") throws {
    let scratch = try ScratchDirectory("absent")
    self.scratch = scratch
    path = scratch(name)
    proxy = try FaultProxy(at: path, to: engine)
  }

  /// In the place of one that has gone.
  package init(at path: String) throws {
    self.path = path
    scratch = nil
    proxy = try FaultProxy(at: path, to: "/nonexistent-directory/s")
  }

  deinit { stop() }

  /// The directory of its socket.
  package var directory: String { scratch?.path ?? "" }

  /// Whether the engine behind it says nothing any more.
  package var isSilent: Bool {
    get { proxy.mode == .swallow }
    set {
      proxy.mode = newValue ? .swallow : .pass
      if !newValue { proxy.cut() }
    }
  }

  package func stop() {
    proxy.stop()
    unlink(path)
  }

  /// The number of attempts, and the greatest number that is allowed.
  ///
  /// The limit is that of a client that pauses for at least so many milliseconds after each: the
  /// slower the machine, the more.
  package func tries(pausing milliseconds: Int) -> (tries: Int, most: Int) {
    // The last one may be on its way to be counted.
    _ = eventually(seconds: 5) { proxy.harm > 0 }
    let tries = proxy.harm
    return (tries, 1 + Int(begin.duration(to: .now) / .milliseconds(milliseconds)))
  }
}
