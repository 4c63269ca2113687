import Foundation
import TestSupport

/// The consumer of the release before itself, as on another host, where OLD_RELEASE_BIN tells its
/// directory.
struct OldBinary {
  private let consumer: ChildProcess

  /// Starts it; nil without that directory.
  init?() throws {
    let directory = ProcessInfo.processInfo.environment["OLD_RELEASE_BIN"] ?? ""
    if directory.isEmpty { return nil }
    consumer = try ChildProcess(
      directory + "/consumer",
      environment: [
        "JOURNAL_DIR": try TestStack.value("JOURNAL_DIR") + "/old-release",
        "STATE_DIR": try TestStack.value("STATE_DIR") + "/old-release",
      ], output: try TestStack.value("SWIFTLET_LOG") + "/consumer-old-release.log")
  }

  func stop() {
    consumer.signal(SIGTERM)
    if consumer.wait(seconds: 15) == nil { consumer.signal(SIGKILL) }
  }

  /// Lets it come back, and the broker turn to it.
  static func comeBack(_ scene: inout Scene) throws {
    for _ in 0..<3 {
      guard let old = try OldBinary() else { return }
      scene.pause(1)
      try scene.faults.kill(.consumer)
      scene.pause(4)
      old.stop()
      scene.pause(2)
    }
    scene.notes.append("the old consumer itself came back 3 times")
  }

  /// Lets it store clicks while the migration comes and breaks off.
  ///
  /// - Parameter scene: Told of what happened.
  /// - Returns: Whether it is there.
  /// - Throws: When the migration never comes through.
  static func storesAmidMigration(_ scene: inout Scene) throws -> Bool {
    try Component.consumer.whileStopped {
      guard let old = try OldBinary() else { return false }
      defer { old.stop() }
      scene.seam?.cross()
      scene.pause(3)
      try BrokenMigration.run(&scene) { scene in scene.pause(0.2) }
      scene.notes.append("the old consumer itself stored meanwhile")
      return true
    }
  }
}
