import Foundation
import TestSupport

/// `swiftlet clicks reconcile` against what the drill itself has done to a journal.
struct Reconciliation {
  private let since = Date()
  private let log: String
  /// The beginning of the part of nginx's log that is read.
  ///
  /// It is a little before the drill, since a log must reach back to its beginning.
  private let offset: UInt64

  private init() throws {
    log = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: log))
    let end = try file.seekToEnd()
    try file.seek(toOffset: end - min(end, 64 << 10))
    let tail = try file.readToEnd() ?? Data()
    let line = tail.count < end ? tail.firstIndex(of: 0x0A).map { $0 + 1 } ?? tail.count : 0
    offset = end - UInt64(tail.count - line)
  }

  /// Removes a journal with clicks that the relay has not published: they must be named, and no
  /// others.
  static func destroyOne(_ scene: inout Scene) throws {
    let reconciliation = try Reconciliation()
    let journal = try Component.relay.whileStopped {
      let path = try freshJournal(&scene)
      let journal = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      unlink(path)
      // Its writer notices within a second; what it writes until then is gone as well.
      scene.pause(2.5)
      return journal
    }
    let events = Set(self.events(in: try journal.readToEnd() ?? Data()))
    scene.oracle.forget(events)
    scene.notes.append("destroyed \(events.count)")
    try reconciliation.expect(&scene, missing: events, "what was destroyed")
  }

  /// Moves a journal away, whose clicks must be named, and back.
  ///
  /// Then they are replayed, while the journal is published too: each counts once.
  static func replayOne(_ scene: inout Scene) throws {
    let reconciliation = try Reconciliation()
    let aside = NSTemporaryDirectory() + "swiftlet-aside-\(UUID().uuidString)"
    let path = try Component.relay.whileStopped {
      let path = try freshJournal(&scene)
      guard rename(path, aside) == 0 else { throw Socket.Failure("rename \(path)") }
      scene.pause(2.5)
      return path
    }
    let events = Set(self.events(in: try Data(contentsOf: URL(fileURLWithPath: aside))))
    try reconciliation.expect(&scene, missing: events, "what was put aside")
    let output = try Component.relay.whileStopped {
      guard rename(aside, path) == 0 else { throw Socket.Failure("rename \(aside)") }
      return try reconciliation.run(["--replay"]).output
    }
    scene.notes.append("replayed \(events.count)")
    if try held(output) < events.count {
      scene.complaints.append("not all that was put aside was found: \(output.prefix(500))")
    }
    scene.pause(2)
  }

  /// A journal with clicks in it that was begun while the relay was away.
  private static func freshJournal(_ scene: inout Scene) throws -> String {
    let before = try journals()
    var fresh: [String] = []
    _ = try eventually(seconds: 30) {
      fresh = try journals().subtracting(before).sorted()
      return !fresh.isEmpty
    }
    guard let name = fresh.randomElement(using: &scene.faults.random) else {
      throw DrillError("no journal was begun")
    }
    scene.pause(1)
    return try TestStack.value("JOURNAL_DIR") + "/" + name
  }

  private static func journals() throws -> Set<String> {
    let directory = try TestStack.value("JOURNAL_DIR")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return Set(names.filter { $0.hasSuffix(".ndjson") })
  }

  /// Waits until nothing but these clicks is missing; and they must be.
  private func expect(
    _ scene: inout Scene, missing events: Set<String>, _ what: String
  ) throws {
    var last = ""
    let end = Date().addingTimeInterval(30)
    while Date() < end {
      let (status, output) = try run([])
      last = output
      let missing = try? JSONAnswer(output)["missing"].texts
      if status == 1, Set(missing ?? []) == events, !events.isEmpty {
        return
      }
      scene.pause(0.5)
    }
    scene.complaints.append(
      "reconcile does not name \(what), \(events.count) clicks: \(last.prefix(500))")
  }

  private static func held(_ output: String) throws -> Int {
    try JSONAnswer(output)["hours"].elements.reduce(0) { try $0 + $1["in_journals"].number }
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: log))
    try file.seek(toOffset: offset)
    let part = NSTemporaryDirectory() + "swiftlet-log-\(UUID().uuidString)"
    defer { unlink(part) }
    try (file.readToEnd() ?? Data()).write(to: URL(fileURLWithPath: part))
    return try Command.run(
      TestStack.value("SWIFTLET_BIN") + "/swiftlet",
      [
        "clicks", "reconcile", "--since", ISO8601DateFormatter().string(from: since), "--log", part,
        "--wait", "0", "--json",
      ] + arguments)
  }

  private static func events(in journal: Data) -> [String] {
    journal.split(separator: 0x0A).compactMap { line in
      // The last line may have been cut off.
      try? JSONAnswer(Array(line))["event_id"].text
    }
  }
}
