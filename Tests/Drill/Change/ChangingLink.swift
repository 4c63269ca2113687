import Foundation
import TestSupport

/// A link that a drill changes, by the command line as an operator does.
struct ChangingLink {
  let code: String
  private(set) var changes: [Sightings.Change] = []
  private var destinations = 0

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

  enum Verb: String {
    case edit, disable, enable, delete
  }

  /// Changes it.
  ///
  /// - Parameters:
  ///   - verb: An edit leads to a new destination.
  ///   - variables: Laid over the stack's for the writer.
  /// - Returns: What the command says.
  /// - Throws: When it fails.
  @discardableResult
  mutating func change(_ verb: Verb, _ variables: [String: String] = [:]) throws -> String {
    if verb == .edit { destinations += 1 }
    let url = verb == .edit ? ["--url", Reply.destination(destinations)] : []
    let said = try Command.check(
      try TestStack.value("SWIFTLET_BIN") + "/swiftlet", ["link", verb.rawValue, code] + url,
      environment: variables)
    let reply: Reply = verb == .edit || verb == .enable ? .leads(destinations) : .gone
    changes.append(Sightings.Change(at: try Self.changedAt(code), reply: reply))
    return said
  }

  /// Forgets the changes so far; what it answers stays.
  mutating func beginAnew() { changes = Array(changes.suffix(1)) }

  /// When the last change was made, just before its commit.
  private static func changedAt(_ code: String) throws -> Double {
    let text = try ask(
      "SELECT extract(epoch FROM max(changed_at)) FROM outbox WHERE domain = '' AND slug = '\(code)'"
    )
    guard let moment = Double(text) else { throw DrillError("the outbox has no row of \(code)") }
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
