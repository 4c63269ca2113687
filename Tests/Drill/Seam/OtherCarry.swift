import Foundation
import TestSupport

/// The carry of another host.
struct OtherCarry {
  private var carry: ChildProcess

  init() throws { carry = try Self.start() }

  private static func start() throws -> ChildProcess {
    try ChildProcess(
      TestStack.value("SWIFTLET_BIN") + "/swiftlet",
      ["clicks", "carry", "--rate", "\(Seam.slowRate)"],
      environment: ["STATE_DIR": try TestStack.value("STATE_DIR") + "/other-host"],
      output: try TestStack.value("SWIFTLET_LOG") + "/carry-other-host.log")
  }

  mutating func kill() throws {
    carry.signal(SIGKILL)
    _ = carry.wait(seconds: 5)
    carry = try Self.start()
  }

  /// Stopped while PostgreSQL gives its lock to whoever waits for it.
  func freezeWithoutLock(seconds: Double) throws {
    carry.signal(SIGSTOP)
    try Command.check(
      "/usr/bin/psql",
      [
        "-X", "-qAt", try TestStack.value("PG_DSN"), "-c",
        // The dispatcher has a lock, too, and a login of its own.
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
          + "WHERE locktype = 'advisory' AND granted AND usename = current_user",
      ])
    usleep(UInt32(seconds * 1_000_000))
    carry.signal(SIGCONT)
  }

  func stop() {
    carry.signal(SIGTERM)
    if carry.wait(seconds: 30) == nil { say("the other host's carry does not stop") }
  }
}
