import Foundation
import TestSupport

/// A look-up worker that is held between its read of PostgreSQL and its backfill of Redis.
enum LateBackfill {
  /// How often it is tried: a worker that has to connect anew makes more calls than the first time.
  private static let attempts = 3

  /// Lets it happen once, with an edit meanwhile.
  static func happen(
    _ observed: inout Observation, _ scene: inout Scene, holding seconds: Double
  ) throws {
    for _ in 0..<attempts where try hold(&observed, &scene, for: seconds) {
      return scene.notes.append("held \(Int(seconds)) s")
    }
    throw DrillError("another call than the backfill was held, \(attempts) times")
  }

  /// Returns whether it was the backfill that was held.
  private static func hold(
    _ observed: inout Observation, _ scene: inout Scene, for seconds: Double
  ) throws -> Bool {
    let places = observed.asker.places
    // Of the host that no other client asks.
    guard let late = places.firstIndex(where: { $0.name.hasPrefix("host 2, look-up") }),
      let pid = places[late].pid
    else { throw DrillError("host 2 has no look-up worker") }
    defer { observed.asker.rest([]) }
    // The first time shows which call the backfill is: each time the worker makes the same ones.
    let whole = try read(by: late, &observed) { try CallTrace(pid, "write,sendto,sendmsg,writev") }
    _ = eventually(seconds: 5) { whole.calls.contains(where: isBackfill) }
    let calls = whole.end()
    guard let backfill = calls.firstIndex(where: isBackfill) else {
      throw DrillError("no backfill among \(calls)")
    }
    let kind = name(of: calls[backfill])
    let number = calls[...backfill].count { name(of: $0) == kind }
    let trace = try read(by: late, &observed) {
      try CallTrace(pid, kind, delayedBy: Int(seconds * 1_000_000), only: number)
    }
    let held = PinnedConnection.now
    observed.asker.rest([late])
    try observed.link.change(.edit)
    try observed.settle("while the look-up worker is held", but: [late])
    scene.pause(max(0, held + seconds + 1 - PinnedConnection.now))
    observed.asker.rest([])
    try observed.settle("after the late backfill")
    scene.pause(2)
    return trace.end().dropFirst(number - 1).first.map(isBackfill) == true
  }

  /// Lets the worker be the first to ask for the link after an edit: memory and Redis are without it.
  private static func read(
    by place: Int, _ observed: inout Observation, _ follow: () throws -> CallTrace
  ) throws -> CallTrace {
    observed.asker.rest(observed.asker.places.indices)
    try observed.link.change(.edit)
    let trace = try follow()
    // A second request might be answered before the backfill of the first.
    observed.asker.askOnce(place)
    let reply = observed.link.reply
    guard eventually(seconds: 10, { observed.asker.latest[place]?.reply == reply }) else {
      throw DrillError("the look-up worker has not read the link")
    }
    return trace
  }

  /// Of a line of strace's: `123 write(7, …`.
  private static func name(of call: String) -> String {
    String(call.prefix { $0 != "(" }.split(separator: " ").last ?? "")
  }

  private static func isBackfill(_ call: String) -> Bool { call.contains("EVAL") }
}
