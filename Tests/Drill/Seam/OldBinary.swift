import Foundation
import TestSupport

/// The consumer of the release before itself, where OLD_RELEASE_BIN tells its directory.
enum OldBinary {
  /// Lets it be the active one for a while, and come back twice.
  static func consume(_ scene: inout Scene) throws {
    guard let folder = ProcessInfo.processInfo.environment["OLD_RELEASE_BIN"], !folder.isEmpty
    else { return }
    for _ in 0..<3 {
      let consumer = try ChildProcess(
        folder + "/consumer",
        environment: [
          "JOURNAL_DIR": try TestStack.value("JOURNAL_DIR") + "/old-release",
          "STATE_DIR": try TestStack.value("STATE_DIR") + "/old-release",
        ], output: try TestStack.value("SWIFTLET_LOG") + "/consumer-old-release.log")
      scene.pause(1)
      // The broker turns to the one that waits.
      try scene.faults.kill(.consumer)
      scene.pause(4)
      consumer.signal(SIGTERM)
      if consumer.wait(seconds: 15) == nil { consumer.signal(SIGKILL) }
      scene.pause(2)
    }
    scene.notes.append("the old consumer itself came back 3 times")
  }
}
