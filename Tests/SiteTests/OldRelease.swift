import AMQP
import Foundation
import TestSupport
import XCTest

/// The data of a stack as the programs of an earlier release left it.
///
/// It is made by that release's migrations and by plain SQL, files and messages. No code of today's
/// programs writes any of it.
struct OldRelease {
  enum Name: CaseIterable {
    /// Each link is named by its id, or by hand; nothing tells a link's id beside its name.
    case beforeSlugs
    /// Redis and lines tell the id of a link whose code doesn't.
    case beforeVisits

    /// The last migrations of that release.
    fileprivate var lastMigrations: [String: Int] {
      ["postgres": self == .beforeSlugs ? 2 : 3, "clickhouse": OldClickHouse.lastMigration]
    }
  }

  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  struct Link {
    let id: Int64
    let code: String
    var url: String { "https://example.com/old/\(code)?a=%2f#\(id)" }
  }

  let name: Name
  let stack: FastStack
  /// Each named by its id, but for the last, which somebody inserted by hand.
  let links: [Link]
  private let store: OldClickHouse

  init(_ name: Name, on stack: FastStack) throws {
    self.name = name
    self.stack = stack
    store = OldClickHouse(at: try stack.value("CLICKHOUSE_URL"))
    let ids = (0..<12).map { 380_000_000_000_000_000 + Int64($0) * 7_919_000_000_003 }
    links =
      ids.map { Link(id: $0, code: Self.base62($0)) }
      + [Link(id: 4_194_304_000, code: "byHand0" + String(repeating: "x", count: 25))]
  }

  private static func base62(_ number: Int64) -> String {
    var (rest, text) = (number, "")
    while rest > 0 {
      text = String(digits[Int(rest % 62)]) + text
      rest /= 62
    }
    return text
  }

  // MARK: - Schema

  /// Takes away all that the stack has, and makes the tables of that release.
  func makeSchema() throws {
    try sql("DROP OWNED BY CURRENT_USER")
    XCTAssertNil(try ClickHouseClient.dropDatabase(at: stack.value("CLICKHOUSE_URL")))
    for key in try stack.redis("KEYS", "short_url*").split(separator: "\n") {
      _ = try stack.redis("DEL", String(key))
    }
    for name in ["JOURNAL_DIR", "STATE_DIR"] {
      let directory = try stack.value(name)
      for entry in try FileManager.default.contentsOfDirectory(atPath: directory) {
        try FileManager.default.removeItem(atPath: directory + "/" + entry)
      }
    }
    let directory = stack.directory + "/old-migrations"
    try OldClickHouse.copyMigrations(to: directory, until: name.lastMigrations)
    // That release lacks tables that today's logins have rights to.
    let logins = ["PG_DISPATCHER_DSN", "PG_API_DSN", "PG_LOOKUP_DSN", "PG_ANALYTICS_DSN"]
    try migrate(
      "--directory", directory, with: Dictionary(uniqueKeysWithValues: logins.map { ($0, "") }))
    try declareQueues()
  }

  func migrate(_ arguments: String..., with others: [String: String] = [:]) throws {
    let run = try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["migrate"] + arguments,
      environment: stack.variables.merging(others) { _, other in other })
    XCTAssertEqual(run.status, 0, run.output)
  }

  func sql(_ statement: String) throws {
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-v", "ON_ERROR_STOP=1", "-qAt", "-c", statement, stack.value("PG_DSN")])
  }

  /// Deletes the queues, and declares them with that release's properties.
  private func declareQueues() throws {
    let connection = try connect()
    defer { connection.close() }
    let (exchange, queue) = ("url_shortener", "click_events")
    let (deadExchange, deadQueue) = ("url_shortener.dead", "click_events.dead")
    for name in [queue, deadQueue] { try connection.deleteQueue(name) }
    try connection.declareExchange(exchange)
    try connection.declareExchange(deadExchange)
    _ = try connection.declareQueue(deadQueue)
    try connection.bind(queue: deadQueue, to: deadExchange, routingKey: deadQueue)
    _ = try connection.declareQueue(
      queue,
      arguments: [
        "x-single-active-consumer": .bool(true), "x-dead-letter-exchange": .text(deadExchange),
        "x-dead-letter-routing-key": .text(deadQueue),
      ])
    try connection.bind(queue: queue, to: exchange, routingKey: queue)
  }

  private func connect() throws -> AMQP.Connection {
    try AMQP.Connection(
      XCTUnwrap(BrokerAddress(url: stack.value("RABBITMQ_URL"))), name: "old release",
      timeout: 20_000)
  }

  // MARK: - Links

  func storeLinks() throws {
    let rows = links.map { link in
      "(\(link.id), '\(link.code)', '\(link.url)', '2026-03-01T12:00:00Z')"
    }
    try sql(
      "INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at) VALUES "
        + rows.joined(separator: ", "))
  }

  /// As Redis had them: a plain URL under a code, and nothing for one that is no link's.
  func cache(_ links: some Sequence<Link>, missing: String) throws {
    for link in links {
      let value = tellsID(of: link) ? "=\(link.id) \(link.url)" : link.url
      _ = try stack.redis("SET", "short_url:" + link.code, value, "EX", "86400")
    }
    _ = try stack.redis("SET", "short_url:" + missing, "", "EX", "30")
  }

  /// Whether that release tells a link's id beside its code.
  private func tellsID(of link: Link) -> Bool {
    name != .beforeSlugs && Self.base62(link.id) != link.code
  }

  // MARK: - Clicks

  /// A line of a journal; two clicks with one number are one click.
  func line(_ link: Link, _ number: Int, isRetried: Bool = false) -> String {
    let id = String(format: "%032x", number)
    return #"{"event_id":"\#(id)","short_code":"\#(link.code)","#
      + #""timestamp":"2026-03-02T10:00:00.123Z","ip_address":"192.0.2.\#(number % 250)","#
      + #""user_agent":"Mozilla/5.0 \"old\"","referrer":"https://old.example/\#(number)""#
      + (tellsID(of: link) ? #","link":"\#(link.id)""# : "")
      + (isRetried ? #","retried":true}"# : "}") + "\n"
  }

  /// Leaves a journal whose writer has ended.
  func leaveJournal(_ name: String, _ lines: [String]) throws {
    let path = try stack.value("JOURNAL_DIR") + "/\(name).ndjson"
    try lines.joined().write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// Leaves a range of a journal with the broker.
  func leaveMessage(_ journal: String, from: Int = 0, _ lines: [String]) throws {
    let connection = try connect()
    defer { connection.close() }
    try connection.enableConfirms()
    let body = Array(lines.joined().utf8)
    try body.withUnsafeBufferPointer { body in
      try connection.publish(
        to: "url_shortener", routingKey: "click_events", contentType: "application/x-ndjson",
        headers: [
          "journal": .text(journal), "from": .integer(Int64(from)),
          "to": .integer(Int64(from + body.count)), "confirmed": .integer(Int64(from)),
        ], body: body)
    }
    guard case .confirmed? = try connection.nextEvent(waiting: 20_000) else {
      return XCTFail("the broker has not taken the message")
    }
  }

  /// Stores clicks as the consumer did, by a gate that it leaves behind.
  ///
  /// - Parameters:
  ///   - clicks: Each with the place in its journal where its line ends.
  ///   - journal: The journal's name.
  ///   - counts: The counts that have them: it may have died before all had.
  /// - Throws: When they are refused.
  func store(
    _ clicks: [(link: Link, number: Int, end: Int)], of journal: String,
    counts: OldGate.Targets
  ) throws {
    let time = 1_772_445_600  // 2026-03-02T10:00:00Z
    try store.openGate()
    try store.store(
      clicks.map { click in
        OldClick(
          event: String(format: "%032x", click.number), code: click.link.code, seconds: time,
          address: "192.0.2.\(click.number % 250)", agent: "Mozilla/5.0",
          referrer: "https://old.example/\(click.number)", journal: journal, end: click.end,
          batch: 1, day: time / 86_400)
      }, counts: counts)
  }
}
