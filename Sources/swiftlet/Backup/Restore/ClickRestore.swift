import ClickHouse
import Gzip
import Pipeline
import Service

/// The clicks of a backup, filled into tables of other names that get their own when all is there.
///
/// A hold keeps consumers from storing meanwhile.
final class ClickRestore {
  private static let prefix = "restoring_"
  /// The ledger of migrations may have rows: it is replaced like the others.
  private static let ledger = "schema_migrations"

  private let client: Client
  private let tables: ClickTables
  private let held: HeldTables
  private let manifest: Manifest
  /// The tables that are ours: those of the backup, and those of the migrations.
  private let known: Set<String>
  private let progress: Progress
  /// Whether there were tables without rows, which are gone.
  private var hasCleared = false

  /// Makes the database if it is missing.
  ///
  /// - Parameters:
  ///   - settings: Name the server.
  ///   - manifest: What is to be restored.
  ///   - known: The tables of the migrations.
  ///   - progress: Shows how far it is.
  /// - Throws: When the server can't be asked.
  init(
    _ settings: Settings, _ manifest: Manifest, known: Set<String>, _ progress: Progress
  ) throws {
    let address = try settings.clickHouse(ServerAddress.init(url:))
    let system = try Client(address.with(database: "system"), timeout: 20_000)
    try system.execute("CREATE DATABASE IF NOT EXISTS \(identifier: address.database)")
    client = try Client(address, timeout: 20_000)
    tables = ClickTables(client: client)
    held = try HeldTables(address, progress)
    self.manifest = manifest
    self.known = known.union(manifest.tables.map(\.name))
    self.progress = progress
  }

  // MARK: - While nobody stores

  /// Keeps consumers from storing.
  func hold() throws {
    client.mayWait = { [held] in
      held.renew()
      return !Signals.stopRequested
    }
    try held.begin()
  }

  /// Goes on with keeping them from it, while no question to ClickHouse does.
  func keep() { held.renew() }

  /// Lets consumers store again.
  func leave() {
    client.mayWait = { true }
    held.end()
  }

  /// The tables that have rows, which a restore would lose.
  func filled() throws -> [String] {
    try tables.filled().filter { $0 != Self.ledger && !$0.hasPrefix(Self.prefix) }
  }

  /// Removes our tables without rows, such as `swiftlet migrate` makes.
  ///
  /// - Throws: When one has rows now, or a consumer could have stored some.
  func clear() throws {
    guard try held.stands(), try filled().isEmpty else {
      throw BackupError(Outcome.refused, "ClickHouse: rows were stored since this restore began")
    }
    for table in try tables.names() where known.contains(table) {
      hasCleared = true
      try drop(table)
    }
  }

  /// Fills all tables under their other names, and compares them with the manifest.
  func fill(from directory: BackupDirectory) throws {
    for table in try waiting() { try drop(Self.prefix + table) }
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

  // MARK: - Afterwards

  /// Gives the tables their names; the one that a consumer asks first is the last.
  ///
  /// One that was made since is replaced, unless it has rows.
  func finish() throws {
    // What a consumer has stored is seen from then on.
    try held.ensure()
    let (waiting, present, filled) = (try waiting(), try tables.names(), try filled())
    for table in manifest.tables.map(\.name) where !waiting.contains(table) {
      guard present.contains(table) else {
        throw BackupError(Outcome.badData, "ClickHouse has lost the table \(table)")
      }
    }
    let occupied = waiting.filter { filled.contains($0) }
    guard occupied.isEmpty else {
      throw BackupError(
        Outcome.refused,
        "ClickHouse has new rows in \(occupied.joined(separator: ", ")): move these tables away")
    }
    for table in waiting.filter({ $0 != "seam" }) + waiting.filter({ $0 == "seam" }) {
      if present.contains(table) { try drop(table) }
      try client.execute(
        "RENAME TABLE \(identifier: Self.prefix + table) TO \(identifier: table)")
    }
  }

  /// The tables that are filled, or being filled, and don't have their names yet.
  func waiting() throws -> [String] {
    try tables.names().filter { $0.hasPrefix(Self.prefix) }
      .map { String($0.dropFirst(Self.prefix.count)) }
  }

  /// What is in place, for a sentence.
  func told() -> String {
    guard let tables = try? waiting() else { return "ClickHouse can't be asked" }
    return tables.isEmpty
      ? "ClickHouse its clicks"
      : "in ClickHouse these tables still have names with \(Self.prefix): "
        + tables.joined(separator: ", ") + "; clicks wait in RabbitMQ until then"
  }

  /// Removes what was filled, after a failure.
  func remove() {
    client.mayWait = { true }
    for table in (try? waiting()) ?? [] { try? drop(Self.prefix + table) }
    if hasCleared {
      Outcome.complain(
        "ClickHouse's tables, which had no rows, are gone: swiftlet migrate makes them again")
    }
  }

  private func drop(_ table: String) throws {
    try client.execute("DROP TABLE IF EXISTS \(identifier: table)", timeout: ClickTables.timeout)
  }
}
