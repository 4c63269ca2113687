import ClickHouse
import Gzip
import Pipeline
import Service

/// The clicks of a backup, filled into tables of other names that get their own when all is there.
///
/// A consumer stores nothing meanwhile: the tables that it needs are missing.
final class ClickRestore {
  private static let prefix = "restoring_"
  /// The ledger of migrations may have rows: it is replaced like the others.
  private static let ledger = "schema_migrations"

  private let client: Client
  private let tables: ClickTables
  private let hold: ClickHold
  private let fence: ClickFence
  private let manifest: Manifest
  private let progress: Progress

  /// Makes the database if it is missing.
  init(_ settings: Settings, _ manifest: Manifest, _ progress: Progress) throws {
    let address = try settings.clickHouse(ServerAddress.init(url:))
    let system = try Client(address.with(database: "system"), timeout: 20_000)
    try system.execute("CREATE DATABASE IF NOT EXISTS \(identifier: address.database)")
    client = try Client(address, timeout: 20_000)
    client.mayWait = { !Signals.stopRequested }
    tables = ClickTables(client: client)
    hold = ClickHold(try Client(address, timeout: 5000))
    fence = ClickFence(try Client(address, timeout: 20_000), views: [], hold: hold)
    self.manifest = manifest
    self.progress = progress
  }

  /// The tables that have rows, which a restore would lose.
  func filled() throws -> [String] {
    try tables.filled().filter { $0 != Self.ledger && !$0.hasPrefix(Self.prefix) }
  }

  /// Removes tables without rows, such as `swiftlet migrate` makes.
  func clear() throws {
    try hold.begin()
    defer {
      try? fence.leave()
      try? hold.end()
    }
    try fence.takeOver()
    // Nothing is stored from here on.
    guard try filled().isEmpty else {
      throw BackupError(Outcome.refused, "ClickHouse: a consumer has just stored clicks")
    }
    for table in try tables.names() {
      try client.execute("DROP TABLE IF EXISTS \(identifier: table)", timeout: ClickTables.timeout)
    }
  }

  /// Fills all tables under their other names, and compares them with the manifest.
  func fill(from directory: BackupDirectory) throws {
    for table in manifest.tables {
      let name = Self.prefix + table.name
      try client.execute(
        "CREATE TABLE \(identifier: name) \(SQL(unsafe: table.definition))")
      for part in table.parts { try fill(name, part, from: directory) }
      let check = try tables.check(name)
      guard check == table.check else {
        throw BackupError(
          Outcome.badData,
          "\(table.name) has \(check) in ClickHouse now, and had \(table.check) in the backup")
      }
    }
  }

  private func fill(
    _ name: String, _ part: Manifest.Part, from directory: BackupDirectory
  ) throws {
    // An INSERT without rows is an error on some servers.
    guard part.bytes > 0 else { return }
    let reader = try GzipReader(directory.path(of: part.file))
    var failure: LineFileError?
    var count = 0
    do {
      try client.fill(name, bytes: part.bytes, timeout: ClickTables.timeout) { [progress] buffer in
        do throws(LineFileError) {
          let read = try reader.read(into: buffer)
          count += read
          progress.show("\(part.file): \(count >> 20) of \(part.bytes >> 20) MB")
          return read
        } catch {
          failure = error
          return nil
        }
      }
    } catch {
      throw failure ?? error
    }
  }

  /// Gives the tables their names; the one that a consumer asks first is the last.
  func finish() throws {
    for table in manifest.tables.filter({ $0.name != "seam" })
      + manifest.tables.filter({ $0.name == "seam" })
    {
      try client.execute(
        "RENAME TABLE \(identifier: Self.prefix + table.name) TO \(identifier: table.name)")
    }
  }

  /// Removes what was filled, after a failure.
  func remove() {
    client.mayWait = { true }
    for table in (try? tables.names()) ?? [] where table.hasPrefix(Self.prefix) {
      try? client.execute("DROP TABLE IF EXISTS \(identifier: table)", timeout: ClickTables.timeout)
    }
  }
}
