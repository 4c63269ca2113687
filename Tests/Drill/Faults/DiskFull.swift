import Foundation
import TestSupport

/// The journals on a file system of half a megabyte, which only root can mount.
enum DiskFull {
  /// Puts it in the place of the journals' directory, with the writers and the relay away meanwhile.
  @Sendable static func mount() throws {
    guard geteuid() == 0 else { throw DrillError("only root can mount a small file system") }
    try exchange { directory in
      try Command.check(
        "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", directory])
    }
  }

  @Sendable static func unmount() throws {
    guard try isMounted(TestStack.value("JOURNAL_DIR")) else { return }
    try exchange { directory in try Command.check("/usr/bin/umount", [directory]) }
  }

  /// Whether a file system of its own is there.
  static func isMounted(_ directory: String) throws -> Bool {
    try Command.run("/usr/bin/mountpoint", ["-q", directory]).status == 0
  }

  /// Does something to the directory of the journals while nobody has a file open in it.
  static func exchange(_ body: (String) throws -> Void) throws {
    let directory = try TestStack.value("JOURNAL_DIR")
    var stopped: [String] = []
    defer {
      for program in stopped.reversed() {
        do { try Supervisor.start(program) } catch { say("start \(program): \(error)") }
      }
    }
    func stop(_ programs: [String]) throws {
      for program in programs {
        try Supervisor.stop(program)
        stopped.append(program)
      }
    }
    try stop(["shortener-spare:*", "shortener-lookup:*", "shortener:*"])
    let isEmpty = eventually(seconds: 30) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      return !names.contains { $0.hasSuffix(".ndjson") }
    }
    guard isEmpty else { throw DrillError("the relay did not empty the journals") }
    try stop(Supervisor.names("consumer:") + ["relay"])
    try body(directory)
  }
}
