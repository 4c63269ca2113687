package import AMQP
package import ClickHouse
package import Clicks
import Foundation
package import Journals
import Pipeline
package import Service
package import TestSupport

/// A queue, a database and a directory of journals for one test, on the engines under test.
///
/// The relay and the consumer run as processes on them.
package final class Workbench {
  package let topology: ClickTopology
  package let client: Client
  private let scratch: ScratchDirectory
  /// Of the journals.
  package let directory: String
  package let state: StateDirectory
  let database: ScratchClickHouse
  private var variables: [String: String]
  package private(set) var relay: ChildProcess?
  package private(set) var consumer: ChildProcess?

  /// - Parameters:
  ///   - clickHouse: The server; that of `CLICKHOUSE_URL` when nil.
  ///   - database: Its name; a random one when nil.
  ///   - last: The number of the last migration to apply; all when nil.
  ///   - variables: Laid over the defaults of the programs.
  /// - Throws: When an engine isn't there.
  package init(
    clickHouse: String? = nil, database: String? = nil, migratedTo last: Int? = nil,
    _ variables: [String: String] = [:]
  ) throws {
    self.database = try ScratchClickHouse(database, at: clickHouse)
    client = self.database.client
    topology = ClickTopology(queue: "test.\(UInt64.random(in: .min ... .max))")
    scratch = try ScratchDirectory("bench")
    directory = scratch("journal")
    state = StateDirectory(scratch("state"))
    self.variables = [
      "JOURNAL_DIR": directory, "STATE_DIR": state.path, "CLICK_QUEUE": topology.queue,
      "CLICKHOUSE_URL": self.database.url,
      "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "debug",
    ]
    self.variables.merge(variables) { _, new in new }
    try self.database.migrate(to: last ?? .max)
  }

  deinit {
    stop()
    guard let url = try? TestStack.value("RABBITMQ_URL"), let address = BrokerAddress(url: url),
      let connection = try? AMQP.Connection(address, name: "swiftlet test")
    else { return }
    try? connection.deleteQueue(topology.queue)
    try? connection.deleteQueue(topology.deadQueue)
    connection.close()
  }

  /// What a program has in its environment that works here.
  package var environment: [String: String] { variables }

  package func settings(_ others: [String: String] = [:]) throws -> Settings {
    var all = variables.merging(others) { _, other in other }
    all["RABBITMQ_URL"] = try TestStack.value("RABBITMQ_URL")
    return try Settings(Variables(all))
  }

  package func connect() throws -> AMQP.Connection {
    let url = try TestStack.value("RABBITMQ_URL")
    guard let address = BrokerAddress(url: url) else {
      throw ScratchClickHouse.BadAddress(url: url)
    }
    return try AMQP.Connection(address, name: "swiftlet test")
  }

  package func journal(segmentBytes: Int = 64 << 20) throws -> ClickJournal {
    try ClickJournal(directory: directory, state: state, segmentBytes: segmentBytes)
  }

  // MARK: - Programs

  package func startRelay() throws { relay = try start("relay") }
  package func startConsumer() throws { consumer = try start("consumer") }

  /// A consumer as another host has it: with a directory of its own.
  package func consumer(onHost name: String, _ others: [String: String] = [:]) throws
    -> ChildProcess
  {
    let directories = ["JOURNAL_DIR": directory + "/" + name, "STATE_DIR": state.path + "/" + name]
    return try start("consumer", others.merging(directories) { own, _ in own })
  }

  /// Ends both, politely.
  ///
  /// - Returns: Their exit statuses.
  @discardableResult
  package func stop() -> [Int32?] {
    let running = [relay, consumer].compactMap { $0 }
    for process in running { process.signal(SIGTERM) }
    let statuses = running.map { $0.wait(seconds: 12) }
    relay = nil
    consumer = nil
    return statuses
  }

  package func killRelay() {
    relay?.signal(SIGKILL)
    _ = relay?.wait(seconds: 5)
  }

  package func killConsumer() {
    consumer?.signal(SIGKILL)
    _ = consumer?.wait(seconds: 5)
  }

  /// What both have logged.
  package var log: String {
    (try? String(contentsOfFile: scratch("log"), encoding: .utf8)) ?? ""
  }

  private func start(_ program: String, _ others: [String: String] = [:]) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent(program).path,
      environment: variables.merging(others) { _, new in new }, output: scratch("log"))
  }
}
