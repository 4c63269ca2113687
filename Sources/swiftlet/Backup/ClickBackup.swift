import Carry
import ClickHouse
import Files
import Gzip
import Pipeline
import Postgres
import Service
import Text

/// The clicks of a backup, of one moment: nothing is stored while they are copied.
///
/// The marks before and after show that it was so.
final class ClickBackup {
  /// How long deletions of visits are waited for, in milliseconds.
  private static let patience: Int64 = 600_000
  private static let carryPatience: Int64 = 30_000
  /// How often a table is copied that grows meanwhile.
  private static let attempts = 10

  private let client: Client
  private let tables: ClickTables
  private let held: HeldTables
  private let carry: CarryLock
  private let progress: Progress
  private var doing = ""

  init(_ settings: Settings, _ progress: Progress) throws {
    let address = try settings.clickHouse(ServerAddress.init(url:))
    client = try Client(address, timeout: 20_000)
    tables = ClickTables(client: client)
    held = try HeldTables(address, progress)
    carry = CarryLock(
      ConnectionOptions(
        dsn: settings.postgresDSN(of: .owner), applicationName: "swiftlet-backup",
        statementTimeoutMilliseconds: 10_000, lockTimeoutMilliseconds: 10_000))
    self.progress = progress
  }

  /// Copies all tables.
  ///
  /// - Parameters:
  ///   - directory: Gets the files.
  ///   - manifest: Gets what they are.
  /// - Throws: `BackupError` also when something was stored meanwhile.
  func run(into directory: BackupDirectory, _ manifest: inout Manifest) throws {
    try awaitCarry()
    client.mayWait = { [unowned self] in
      if !doing.isEmpty { progress.show("\(doing): ClickHouse is reading") }
      held.renew()
      return !Signals.stopRequested
    }
    defer {
      client.mayWait = { true }
      held.end()
    }
    try held.begin()
    try awaitDeletions()
    let before = try mark()
    let mutations = Set(try mutations())
    manifest.since = Self.since(newest: before.newest)
    manifest.clicks = before.clicks
    manifest.clickHouseVersion = try client.serverVersion().description
    for name in try tables.names() {
      manifest.tables.append(try copy(name, into: directory))
      if name == "clicks_before" {
        manifest.clicks += Int(manifest.tables.last?.check ?? "") ?? 0
      }
    }
    guard try carry.stands() else {
      throw BackupError(
        Outcome.unavailable,
        "PostgreSQL has ended the session that keeps swiftlet clicks carry from changing tables: try again"
      )
    }
    guard try held.stands(), try mark() == before,
      mutations.isSuperset(of: try self.mutations())
    else { throw Self.grown }
  }

  private static let grown = BackupError(
    Outcome.refused,
    "clicks were stored meanwhile: is there a consumer of an earlier release? Then stop it first")

  /// Copies one table, again if it has grown meanwhile: the API's requests for deletions aren't held.
  private func copy(_ name: String, into directory: BackupDirectory) throws -> Manifest.Table {
    let definition = try tables.definition(of: name)
    for _ in 0..<Self.attempts {
      var table = Manifest.Table(
        name: name, definition: definition, check: try tables.check(name))
      for (part, condition) in try tables.parts(of: name) {
        table.parts.append(try copy(name, part, condition, into: directory))
      }
      doing = ""
      if try tables.check(name) == table.check { return table }
      for part in table.parts { try File.remove(directory.path(of: part.file)) }
    }
    throw Self.grown
  }

  private func copy(
    _ name: String, _ part: String, _ condition: ClickHouse.SQL, into directory: BackupDirectory
  ) throws -> Manifest.Part {
    let file = "clickhouse/\(name)\(part).native.gz"
    doing = "\(name)\(part)"
    let writer = try GzipWriter(directory.path(of: file))
    var failure: LineFileError?
    do {
      try client.export(
        "SELECT * FROM \(identifier: name) WHERE \(condition)", timeout: ClickTables.timeout
      ) { [self] bytes in
        do throws(LineFileError) { try writer.write(bytes) } catch { failure = error }
        progress.show("\(doing): \(writer.count >> 20) MB")
        return failure == nil
      }
    } catch {
      throw failure ?? error
    }
    try writer.finish()
    return Manifest.Part(file: file, bytes: writer.count)
  }

  // MARK: - One moment

  /// Waits for a carry that is about to end, such as that of a new installation.
  private func awaitCarry() throws {
    let end = SystemClock.bootMilliseconds() + Self.carryPatience
    while try !carry.take() {
      guard SystemClock.bootMilliseconds() < end else {
        throw BackupError(
          Outcome.refused,
          "swiftlet clicks carry is at work: wait for its end, or stop it meanwhile")
      }
      progress.show("waiting for swiftlet clicks carry")
      if Signals.stopRequested { throw Outcome.interrupted }
      Pause.milliseconds(500)
    }
  }

  /// Waits for the server to carry out what was asked for: a copy of a half-done one would stay so.
  private func awaitDeletions() throws {
    let end = SystemClock.bootMilliseconds() + Self.patience
    while try !mutations("is_done = 0").isEmpty {
      guard SystemClock.bootMilliseconds() < end else {
        throw BackupError(Outcome.unavailable, "ClickHouse: a deletion of visits doesn't end")
      }
      progress.show("waiting for deletions of visits")
      try held.pause()
    }
  }

  private func mutations(_ condition: ClickHouse.SQL = "1") throws -> [String] {
    try client.select(
      """
      SELECT concat(table, ' ', mutation_id) FROM system.mutations
      WHERE database = \(client.address.database) AND \(condition)
      """
    ).compactMap(\.first)
  }

  /// What would change if anything were stored.
  private struct Mark: Equatable {
    let clicks: Int
    let newest: Int64
    let others: [String]
  }

  private func mark() throws -> Mark {
    let visits =
      try client.select(
        "SELECT sum(weight), toUInt32(max(timestamp)), count(), max(batch) FROM visits",
        timeout: ClickTables.timeout
      ).first ?? []
    guard visits.count == 4, let clicks = Int(visits[0]), let newest = Int64(visits[1]) else {
      throw BackupError(Outcome.refused, "ClickHouse doesn't tell how many clicks there are")
    }
    let batch = try tables.number("SELECT maxMerge(last_batch) FROM click_journals")
    return Mark(
      clicks: clicks, newest: newest,
      others: [visits[2], visits[3], batch] + (try tables.names()))
  }

  /// From when on clicks may be missing: those of the last minute may have been under way, or of the last
  /// hour where the consumer is late.
  private static func since(newest: Int64) -> String {
    let now = SystemClock.milliseconds() / 1000
    return RFC3339.string(seconds: min(now, max(newest, now - 3600)) - 60)
  }
}
