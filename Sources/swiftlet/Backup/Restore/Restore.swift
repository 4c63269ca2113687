import Files
import Migrations
import Service

/// A restore from its beginning to its end, while nobody else migrates or restores.
///
/// Until PostgreSQL's commit a failure leaves both engines as they were. From then on no signal stops it, and
/// after a failure the same restore goes on from there.
struct Restore {
  let manifest: Manifest
  let source: BackupDirectory
  let files: MigrationOptions
  private let cache: CacheRemoval
  /// Has the lock.
  private let migrations: PostgresMigrations
  private let postgres: PostgresRestore
  private let clicks: ClickRestore
  private let progress: Progress

  /// Asks all engines, and takes the lock.
  init(
    _ manifest: Manifest, from source: BackupDirectory, _ files: MigrationOptions,
    _ installation: Installation, _ progress: Progress
  ) throws {
    (self.manifest, self.source, self.files, self.progress) = (manifest, source, files, progress)
    let settings = installation.settings
    cache = try CacheRemoval(installation)
    try cache.check()
    migrations = PostgresMigrations(settings)
    try migrations.prepareDatabase()
    guard try migrations.tryLock() else {
      throw BackupError(
        Outcome.refused, "swiftlet migrate or another restore is at work: wait for its end")
    }
    let migrator = try files.migrator(migrations)
    postgres = PostgresRestore(
      postgres: try PostgresAccess(settings),
      command: "swiftlet restore \(try File.realPath(source.path).shellWord)",
      id: try source.sum(of: BackupDirectory.manifest).sha256,
      known: try migrator.tables(of: .postgres))
    clicks = try ClickRestore(
      settings, manifest, known: try migrator.tables(of: .clickHouse), progress)
  }

  /// Restores everything, or the rest of it.
  ///
  /// - Returns: How many keys Redis has forgotten.
  func run() throws -> Int {
    defer { migrations.unlock() }
    let isBegun = try postgres.has()
    if !isBegun { try checkEmpty() }
    try clicks.hold()
    defer { clicks.leave() }
    if !isBegun { try fill() }
    do { return try finish() } catch {
      Outcome.complain(
        "PostgreSQL has the links of the backup, and \(clicks.told()). "
          + "What is left is done by the same command: run \(postgres.command) again")
      throw error
    }
  }

  private func checkEmpty() throws {
    try postgres.check(source)
    let filled = try clicks.filled()
    guard filled.isEmpty else { throw BackupError.notEmpty("ClickHouse", filled) }
  }

  /// Fills both engines: PostgreSQL's commit is the last.
  private func fill() throws {
    do {
      try clicks.fill(from: source)
      progress.show("PostgreSQL")
      try migrations.checkLock()
      try clicks.clear()
      try postgres.run(from: source, links: manifest.links, meanwhile: clicks.keep)
    } catch let error as PostgresRestore.Unknown {
      throw BackupError(
        Outcome.unavailable,
        "PostgreSQL doesn't say whether it has the links (\(error.description)): run \(postgres.command) again"
      )
    } catch {
      // Without the lock they may be another restore's.
      if (try? migrations.checkLock()) != nil { clicks.remove() }
      throw Signals.stopRequested ? Outcome.interrupted : error
    }
  }

  private func finish() throws -> Int {
    Signals.ignoreStops()
    try clicks.finish()
    progress.show("Redis, migrations and rights")
    let keys = try cache.run()
    try files.migrator(migrations).migrate(endsRestore: true) { _ in }
    try postgres.forget()
    return keys
  }
}
