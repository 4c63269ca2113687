import Foundation
import TestSupport

/// The journals on a file system of half a megabyte, which only root can mount.
enum DiskFull {
  /// Puts it in the place of the journals' folder, with the writers and the relay away meanwhile.
  @Sendable static func mount() throws {
    guard geteuid() == 0 else { throw DrillError("only root can mount a small file system") }
    try exchange { folder in
      try run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder])
    }
  }

  @Sendable static func unmount() throws {
    try exchange { folder in try run("/usr/bin/umount", [folder]) }
  }

  private static func exchange(_ body: (String) throws -> Void) throws {
    let folder = try TestStack.value("JOURNAL_DIR")
    let pools = ["shortener:*", "shortener-spare:*"]
    for pool in pools { try Supervisor.stop(pool) }
    let isEmpty = eventually(seconds: 30) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return !names.contains { $0.hasSuffix(".ndjson") }
    }
    guard isEmpty else { throw DrillError("the relay did not empty the journals") }
    try Supervisor.stop("relay")
    try body(folder)
    for program in ["relay"] + pools { try Supervisor.start(program) }
  }

  private static func run(_ path: String, _ arguments: [String]) throws {
    let (status, output) = try Command.run(path, arguments)
    guard status == 0 else { throw DrillError(output) }
  }
}
