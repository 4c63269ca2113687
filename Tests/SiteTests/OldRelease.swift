import AMQP
import Foundation
import TestSupport
import XCTest

/// The data of a stack as the programs of the release before slugs left it, made by that release's
/// migrations and by plain SQL, files and messages: no code of today's programs writes any of it.
struct OldRelease {
  /// The last migrations of that release.
  private static let last = ["postgres": 2, "clickhouse": 3]
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  struct Link {
    let id: Int64
    let code: String
    var url: String { "https://example.com/old/\(code)?a=%2f#\(id)" }
  }

  let stack: FastStack
  /// Each named by its id, but for the last, which somebody inserted by hand.
  let links: [Link]

  init(on stack: FastStack) {
    self.stack = stack
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
    _ = try stack.query("DROP DATABASE IF EXISTS swiftlet")
    for key in try stack.redis("KEYS", "short_url*").split(separator: "\n") {
      _ = try stack.redis("DEL", String(key))
    }
    for name in ["JOURNAL_DIR", "STATE_DIR"] {
      let folder = try stack.value(name)
      for entry in try FileManager.default.contentsOfDirectory(atPath: folder) {
        try FileManager.default.removeItem(atPath: folder + "/" + entry)
      }
    }
    let folder = stack.folder + "/old-migrations"
    for (engine, last) in Self.last {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(engine)", withIntermediateDirectories: true)
      let files = Repository.url("migrations/" + engine).path
      for name in try FileManager.default.contentsOfDirectory(atPath: files)
      where Int(name.prefix(4)) ?? .max <= last {
        try FileManager.default.copyItem(
          atPath: "\(files)/\(name)", toPath: "\(folder)/\(engine)/\(name)")
      }
    }
    try migrate("--folder", folder)
    try declareQueues()
  }

  func migrate(_ arguments: String...) throws {
    let run = try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["migrate"] + arguments,
      environment: stack.variables)
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
      _ = try stack.redis("SET", "short_url:" + link.code, link.url, "EX", "86400")
    }
    _ = try stack.redis("SET", "short_url:" + missing, "", "EX", "30")
  }

  // MARK: - Clicks

  /// A line of a journal; two clicks with one number are one click.
  func line(_ link: Link, _ number: Int, isRetried: Bool = false) -> String {
    let id = String(format: "%032x", number)
    return #"{"event_id":"\#(id)","short_code":"\#(link.code)","#
      + #""timestamp":"2026-03-02T10:00:00.123Z","ip_address":"192.0.2.\#(number % 250)","#
      + #""user_agent":"Mozilla/5.0 \"old\"","referrer":"https://old.example/\#(number)""#
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
  func store(_ clicks: [(link: Link, number: Int, end: Int)], of journal: String) throws {
    let gate = "clicks_gate_1_4711"
    let columns = """
      short_code String, timestamp DateTime('UTC'), ip_address String, user_agent String,
      referrer String, event_id FixedString(16), retried UInt8, journal UInt64,
      journal_offset UInt64, batch UInt64, ingest_day Date, targets UInt8
      """
    _ = try ask("CREATE TABLE \(gate) (\(columns)) ENGINE = Null")
    for (table, bit, selection, end) in Self.views {
      _ = try ask(
        """
        CREATE MATERIALIZED VIEW \(gate)_to_\(table) TO \(table) AS
        SELECT \(selection) FROM \(gate) WHERE bitAnd(targets, \(bit)) != 0 \(end)
        """)
    }
    let place = "reinterpretAsUInt64(reverse(unhex('\(journal)')))"
    let rows = clicks.map { click in
      """
      SELECT '\(click.link.code)', toDateTime('2026-03-02 10:00:00', 'UTC'), \
      '192.0.2.\(click.number % 250)', 'Mozilla/5.0', 'https://old.example/\(click.number)', \
      toFixedString(unhex('\(String(format: "%032x", click.number))'), 16), toUInt8(0), \
      \(place), toUInt64(\(click.end)), toUInt64(1), toDate('2026-03-02'), toUInt8(31)
      """
    }
    let mark = """
      SELECT '', toDateTime('1970-01-02 00:00:00', 'UTC'), '', '', '', \
      toFixedString('', 16), toUInt8(0), \(place), toUInt64(\(clicks.last?.end ?? 0)), toUInt64(1), \
      toDate('2026-03-02'), toUInt8(15)
      """
    _ = try ask("INSERT INTO \(gate) " + (rows + [mark]).joined(separator: " UNION ALL "))
  }

  /// A statement that must not be refused.
  private func ask(_ statement: String) throws -> String {
    let answer = try stack.query(statement)
    XCTAssertFalse(answer.contains("Exception"), answer)
    return answer
  }

  private static let views: [(String, Int, String, String)] = [
    (
      "clicks", 16,
      "short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, journal, "
        + "journal_offset, batch, ingest_day", ""
    ),
    (
      "clicks_by_link", 1,
      "short_code, sumState(toUInt64(short_code != '')) AS clicks, uniqState(ip_address) AS "
        + "visitors, maxState(timestamp) AS last_clicked, maxState(batch) AS last_batch",
      "GROUP BY short_code"
    ),
    (
      "clicks_by_day", 2,
      "short_code, toDate(timestamp, 'UTC') AS day, sumState(toUInt64(short_code != '')) AS clicks, "
        + "maxState(batch) AS last_batch", "GROUP BY short_code, day"
    ),
    (
      "clicks_by_referrer", 4,
      "short_code, referrer, sumState(toUInt64(short_code != '')) AS clicks, maxState(batch) AS "
        + "last_batch", "AND (referrer != '' OR short_code = '') GROUP BY short_code, referrer"
    ),
    (
      "click_journals", 8,
      "journal, maxState(journal_offset) AS stored, maxState(batch) AS last_batch",
      "GROUP BY journal"
    ),
  ]
}
