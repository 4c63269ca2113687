import Foundation
import TestSupport

/// A link that a drill changes, by the command line as an operator does.
struct ChangingLink {
  let code: String
  private(set) var changes: [Sightings.Change] = []
  private var destinations = 0
  /// Of the outbox.
  private var lastRow = 0

  /// Makes it; it leads to destination 0.
  init() throws {
    let json = #"{"original_url":"\#(Reply.destination(0))"}"#
    var made: String?
    _ = eventually(seconds: 60) {
      made = try? HTTPClient.site().post("/shorten", json: json).json["short_code"].text
      return made != nil
    }
    guard let made else { throw DrillError("no link could be made") }
    code = made
  }

  /// What it answers now.
  var reply: Reply { changes.last?.reply ?? .leads(0) }

  /// For a writer that does not reach Redis.
  static let mute = ["REDIS_URL": "unix:///nonexistent/redis.sock"]

  enum Verb: String {
    case edit, disable, enable, delete
  }

  /// Changes it; tries again where PostgreSQL has no time for the writer.
  ///
  /// - Parameters:
  ///   - verb: An edit leads to a new destination.
  ///   - variables: Laid over the stack's for the writer.
  /// - Throws: When it fails.
  mutating func change(_ verb: Verb, _ variables: [String: String] = [:]) throws {
    if verb == .edit { destinations += 1 }
    let url = verb == .edit ? ["--url", Reply.destination(destinations)] : []
    let program = try TestStack.value("SWIFTLET_BIN") + "/swiftlet"
    var said = ""
    let isDone = try eventually(seconds: 30) {
      let (status, output) = try Command.run(
        program, ["link", verb.rawValue, code] + url, environment: variables)
      said = output
      return status == 0
    }
    guard isDone else { throw DrillError("swiftlet link \(verb): \(said)") }
    let reply: Reply = verb == .edit || verb == .enable ? .leads(destinations) : .gone
    changes.append(Sightings.Change(at: try nextRow(), reply: reply))
  }

  /// When the first change was made after those that are known, just before its commit.
  private mutating func nextRow() throws -> Double {
    let words = try Self.ask(
      """
      SELECT max(id), extract(epoch FROM min(changed_at)) FROM outbox
      WHERE domain = '' AND slug = '\(code)' AND id > \(lastRow)
      """
    ).split(separator: "|")
    guard words.count == 2, let row = Int(words[0]), let moment = Double(words[1]) else {
      throw DrillError("the outbox has no row of \(code)")
    }
    lastRow = row
    return moment
  }

  /// What PostgreSQL answers.
  static func ask(_ statement: String) throws -> String {
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-qAt", "-v", "ON_ERROR_STOP=1", try TestStack.value("PG_DSN"), "-c", statement]
    ).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
