import AMQP
import ClickHouse
import Clicks
import Foundation
import Logging
import Service
import TestSupport
import XCTest

@testable import Journals
@testable import Migrations
@testable import Pipeline

/// A queue, a database and a folder of journals of its own for one test, on the engines under test,
/// and the relay and the consumer as processes on them.
final class Workbench {
  let topology: ClickTopology
  let client: Client
  /// Of the journals.
  let folder: String
  let state: StateDirectory
  private let server: Client
  private let database: String
  private var variables: [String: String]
  private(set) var relay: ChildProcess?
  private(set) var consumer: ChildProcess?

  /// - Parameters:
  ///   - clickHouse: The server; that of `CLICKHOUSE_URL` when nil.
  ///   - database: Its name; a random one when nil.
  ///   - last: The number of the last migration to apply; all when nil.
  ///   - variables: Laid over the defaults of the programs.
  /// - Throws: When an engine isn't there.
  init(
    clickHouse: String? = nil, database: String? = nil, migratedTo last: Int? = nil,
    _ variables: [String: String] = [:]
  ) throws {
    let database = database ?? "test_\(UInt64.random(in: .min ... .max))"
    self.database = database
    let url = try clickHouse ?? TestStack.value("CLICKHOUSE_URL")
    let address = try XCTUnwrap(ServerAddress(url: url))
    server = try Client(address.with(database: "default"), timeout: 20_000)
    client = try Client(address.with(database: database), timeout: 20_000)
    topology = ClickTopology(queue: "test.\(UInt64.random(in: .min ... .max))")
    folder = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))"
    state = StateDirectory(folder + ".state")
    self.variables = [
      "JOURNAL_DIR": folder, "STATE_DIR": state.path, "CLICK_QUEUE": topology.queue,
      "CLICKHOUSE_URL":
        "\(address.scheme)://\(address.user):\(address.password)@\(address.host):\(address.port)"
        + "/\(database)",
      "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "debug",
    ]
    self.variables.merge(variables) { _, new in new }
    try server.execute("CREATE DATABASE \(identifier: database)")
    try migrate(to: last ?? .max)
  }

  deinit {
    stop()
    try? server.execute("DROP DATABASE IF EXISTS \(identifier: database)")
    for path in [folder, state.path] { try? FileManager.default.removeItem(atPath: path) }
    guard let url = try? TestStack.value("RABBITMQ_URL"), let address = BrokerAddress(url: url),
      let connection = try? AMQP.Connection(address, name: "swiftlet test")
    else { return }
    try? connection.deleteQueue(topology.queue)
    try? connection.deleteQueue(topology.deadQueue)
    connection.close()
  }

  func settings() throws -> Settings {
    var all = variables
    all["RABBITMQ_URL"] = try TestStack.value("RABBITMQ_URL")
    return try Settings(Variables(all))
  }

  func connect() throws -> AMQP.Connection {
    try AMQP.Connection(
      XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL"))), name: "swiftlet test")
  }

  func journal(segmentBytes: Int = 64 << 20) throws -> ClickJournal {
    try ClickJournal(directory: folder, state: state, segmentBytes: segmentBytes)
  }

  // MARK: - Programs

  func startRelay() throws { relay = try start("relay") }
  func startConsumer() throws { consumer = try start("consumer") }

  /// A consumer as another host has it: with a folder of its own.
  func consumer(onHost name: String, _ others: [String: String] = [:]) throws -> ChildProcess {
    let folders = ["JOURNAL_DIR": folder + "/" + name, "STATE_DIR": state.path + "/" + name]
    return try start("consumer", others.merging(folders) { own, _ in own })
  }

  /// Ends both, politely.
  ///
  /// - Returns: Their exit statuses.
  @discardableResult
  func stop() -> [Int32?] {
    let running = [relay, consumer].compactMap { $0 }
    for process in running { process.signal(SIGTERM) }
    let statuses = running.map { $0.wait(seconds: 12) }
    relay = nil
    consumer = nil
    return statuses
  }

  func killRelay() {
    relay?.signal(SIGKILL)
    _ = relay?.wait(seconds: 5)
  }

  func killConsumer() {
    consumer?.signal(SIGKILL)
    _ = consumer?.wait(seconds: 5)
  }

  /// What both have logged.
  var log: String { (try? String(contentsOfFile: folder + ".log", encoding: .utf8)) ?? "" }

  private func start(_ program: String, _ others: [String: String] = [:]) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent(program).path,
      environment: variables.merging(others) { _, new in new }, output: folder + ".log")
  }

  // MARK: - What is stored

  func number(_ sql: SQL) throws -> Int { Int(try client.select(sql).first?.first ?? "") ?? -1 }

  /// Takes over from whoever stores.
  ///
  /// - Returns: The table to insert into.
  func openGate() throws -> String {
    let fence = ClickFence(client)
    try fence.takeOver()
    return try fence.settle().name
  }

  /// The gates there are.
  func gates() throws -> [String] {
    try client.select(
      """
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine = 'Null' ORDER BY name
      """
    ).map { $0[0] }
  }

  /// How many views of gates there are.
  func views() throws -> Int {
    try number(
      """
      SELECT count() FROM system.tables
      WHERE database = currentDatabase() AND engine = 'MaterializedView'
      """)
  }

  /// The clicks in the table and in each of the counts that has all of them.
  func totals() throws -> [Int] {
    [
      try number("SELECT count() FROM clicks"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_link"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_day"),
      try number("SELECT sumMerge(clicks) FROM clicks_by_referrer"),
    ]
  }

  /// Waits until all four tables have so many clicks.
  func waits(for count: Int, seconds: Double = 30) throws -> Bool {
    try eventually(seconds: seconds) { try totals() == [count, count, count, count] }
  }

  func storedEvents() throws -> [String] {
    try client.select("SELECT lower(hex(event_id)) FROM clicks").map { $0[0] }
  }

  /// The bodies of the dead letters there are.
  func deadLetters() throws -> [(body: String, reason: String?)] {
    let connection = try connect()
    try connection.consume(queue: topology.deadQueue, prefetch: 1000)
    var letters: [(body: String, reason: String?)] = []
    while let event = try connection.nextEvent(waiting: 500) {
      guard case .delivered(let delivery) = event else { continue }
      letters.append(
        (
          body: delivery.withBody { String(decoding: $0, as: UTF8.self) },
          reason: delivery.text("reason")
        ))
    }
    return letters
  }

  private func migrate(to last: Int) throws {
    let files = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../migrations/clickhouse").standardized
    let names = try FileManager.default.contentsOfDirectory(atPath: files.path).sorted()
    for name in names where name.hasSuffix(".sql") && Int(name.prefix(4)) ?? 0 <= last {
      let text = try String(contentsOf: files.appendingPathComponent(name), encoding: .utf8)
      if text.contains("-- requires:") { continue }
      for statement in SQLScript.statements(in: text) {
        try client.execute(SQL(unsafe: statement))
      }
    }
  }
}

extension Click {
  static func sample(
    _ number: Int, code: String = "abc", at milliseconds: Int64 = SystemClock.milliseconds(),
    userAgent: String = "Mozilla/5.0", referrer: String = "https://example.org/",
    isRetried: Bool = false
  ) -> Click {
    Click(
      eventID: EventID(high: 7, low: UInt64(number)), shortCode: code, milliseconds: milliseconds,
      address: "192.0.2.\(number % 256)", userAgent: userAgent, referrer: referrer,
      isRetried: isRetried)
  }
}

extension JournalRange {
  /// A line of one byte at least, for a test that cares only for its end.
  static func line(endingAt end: Int, of journal: JournalID) -> JournalRange {
    guard let range = JournalRange(journal: journal, from: max(0, end - 50), to: end) else {
      preconditionFailure("a line ends after byte 0")
    }
    return range
  }
}
