import EngineSupport
import Foundation
import Migrations
import Postgres
import Synchronization
import TestSupport

/// A database, the migrations that ship, and some more behind them.
final class StepwiseScene {
  let database: ScratchPostgres
  private let directory: ScratchDirectory

  init() throws {
    database = try ScratchPostgres()
    directory = try ScratchDirectory("stepwise")
    _ = try directory.make("postgres")
    let shipped = ScratchPostgres.migrations + "/postgres"
    for name in try FileManager.default.contentsOfDirectory(atPath: shipped) {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/\(name)", toPath: directory("postgres/\(name)"))
    }
  }

  // MARK: Files

  /// Adds a file behind the others.
  ///
  /// - Returns: Its whole name.
  func add(_ name: String, _ text: String) throws -> String {
    let count = try FileManager.default.contentsOfDirectory(atPath: directory("postgres")).count
    let name = String(format: "%04d_", count + 1) + name
    try write(name, text)
    return name
  }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: directory("postgres/\(name).sql"), atomically: true, encoding: .utf8)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: directory("postgres/\(name).sql"))
  }

  // MARK: Runs

  /// Applies what is pending.
  ///
  /// - Returns: The names of the migrations that were applied or wait.
  func migrate(lockTimeout: Int = 60_000) throws -> [String] {
    try steps(dsn: database.dsn + "&options=-c%20lock_timeout%3D\(lockTimeout)").map(\.name)
  }

  func steps(dsn: String) throws -> [Migrator.Step] { try Self.migrate(dsn, directory.path) }

  private static func migrate(_ dsn: String, _ directory: String) throws -> [Migrator.Step] {
    let settings = try ScratchPostgres.settings(dsn)
    var steps: [Migrator.Step] = []
    try Migrator(postgres: PostgresMigrations(settings), others: [], directory: directory)
      .migrate { steps.append($0) }
    return steps
  }

  /// A run that goes on beside the test.
  final class Run: Sendable {
    private let outcome = Mutex<Result<[String], any Error>?>(nil)

    fileprivate init(_ dsn: String, _ directory: String) {
      Thread.detachNewThread {
        let outcome = Result { try StepwiseScene.migrate(dsn, directory).map(\.name) }
        self.outcome.withLock { $0 = outcome }
      }
    }

    /// What it applied, once it has ended.
    func steps() throws -> [String] {
      _ = eventually(seconds: 120) { self.outcome.withLock { $0 != nil } }
      guard let outcome = outcome.withLock({ $0 }) else { throw RunGoesOn() }
      return try outcome.get()
    }
  }

  struct RunGoesOn: Error {}

  func start(dsn: String? = nil) throws -> Run { Run(dsn ?? database.dsn, directory.path) }

  // MARK: What the database shows

  /// Whether an index comes to wait for a transaction of others.
  func isBuilding() -> Bool {
    eventually(seconds: 60) { (try? self.builders())?.isEmpty == false }
  }

  /// Ends the session that builds, and waits until it is gone.
  func endBuild() throws {
    let admin = try database.admin()
    for builder in try builders() {
      _ = try admin.executeOnce(
        "SELECT pg_terminate_backend(\(builder)::int4)", "end", timeoutMilliseconds: 20_000)
    }
    _ = eventually(seconds: 60) { (try? self.builders())?.isEmpty == true }
  }

  private func builders() throws -> [Int64] {
    try database.admin().executeOnce(
      """
      SELECT pid FROM pg_stat_activity WHERE datname = current_database()
      AND query LIKE '%CREATE INDEX CONCURRENTLY%' AND wait_event = 'virtualxid'
      """, "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in try row.integer() }
  }

  func validIndexes() throws -> [String] { try indexes("indisvalid") }
  func invalidIndexes() throws -> [String] { try indexes("NOT indisvalid") }

  /// Those of this test, by name.
  private func indexes(_ condition: SQL) throws -> [String] {
    try database.admin().executeOnce(
      """
      SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relname LIKE 'by\\_%' AND \(condition) ORDER BY relname
      """, "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in try row.text() }
  }

  /// Stores a link as a program does, without patience.
  func write(link number: Int, _ connection: Connection) throws -> Int {
    try connection.executeOnce(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      VALUES (\(number), \("c\(number)"), 'http://e.org/')
      """, "insert", timeoutMilliseconds: 20_000
    ).affected
  }
}
