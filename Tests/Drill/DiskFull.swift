import Foundation
import TestSupport

/// The journals on a file system of half a megabyte, which only root can mount.
enum DiskFull {
  /// Puts it in the place of the journals' folder, with the writers and the relay away meanwhile.
  @Sendable static func mount() throws {
    guard geteuid() == 0 else { throw DrillError("only root can mount a small file system") }
    try exchange { folder in
      try Command.check(
        "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder])
    }
  }

  @Sendable static func unmount() throws {
    try exchange { folder in try Command.check("/usr/bin/umount", [folder]) }
  }

  /// Does something to the folder of the journals while nobody has a file open in it.
  static func exchange(_ body: (String) throws -> Void) throws {
    let folder = try TestStack.value("JOURNAL_DIR")
    let pools = ["shortener:*", "shortener-spare:*"]
    for pool in pools { try Supervisor.stop(pool) }
    let isEmpty = eventually(seconds: 30) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return !names.contains { $0.hasSuffix(".ndjson") }
    }
    guard isEmpty else { throw DrillError("the relay did not empty the journals") }
    let others = try ["relay"] + Supervisor.names("consumer:")
    for program in others { try Supervisor.stop(program) }
    try body(folder)
    for program in others + pools { try Supervisor.start(program) }
  }
}
