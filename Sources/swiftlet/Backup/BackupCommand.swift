import ArgumentParser
import Migrations
import Service
import Text

/// `swiftlet backup`: all that counts, in one directory.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy links, clicks and settings into a new directory.",
    discussion: """
      PostgreSQL by pg_dump, ClickHouse's tables as they are at one moment, the settings and nginx's site. \
      Everything goes on meanwhile: clicks wait in RabbitMQ while ClickHouse is copied. The directory has \
      secrets, so only its owner may read it. Redis, RabbitMQ and journals aren't copied: they have what is \
      on its way. A backup that was interrupted is named \(BackupDirectory.suffix).

      Exits with 69 if an engine can't be had, 70 if the directory isn't empty or an engine refuses, 74 if \
      the disk is full.
      """)

  @Argument(help: "The directory to make.")
  var directory: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      Signals.install()
      let target = try BackupDirectory.make(directory)
      do {
        let manifest = try fill(target, installation)
        try target.finish()
        output.print(json: manifest.write, text: { manifest.text(directory) })
      } catch {
        target.remove()
        throw Signals.stopRequested ? Outcome.interrupted : BackupError.made(of: error)
      }
    }
  }

  private func fill(
    _ target: BackupDirectory, _ installation: Installation
  ) throws -> Manifest {
    let settings = installation.settings
    let progress = Progress()
    defer { progress.clear() }
    var manifest = Manifest()
    manifest.release = Program.version
    manifest.madeAt = RFC3339.string(seconds: SystemClock.milliseconds() / 1000)
    let postgres = PostgresMigrations(settings)
    manifest.postgresSchema = try Self.schema(postgres, "PostgreSQL")
    manifest.clickHouseSchema = try Self.schema(ClickHouseMigrations(settings), "ClickHouse")
    try ClickBackup(settings, progress).run(into: target, &manifest)
    // Later than the clicks, so that it has the links of all of them.
    progress.show("PostgreSQL")
    let dump = PostgresBackup(postgres: try PostgresAccess(settings))
    (manifest.postgresVersion, manifest.links) = try dump.dump(into: target)
    let (copies, missing) = try SettingsCopy(file: try Variables.load().file).run(into: target)
    for reason in missing { Outcome.complain("not in the backup: \(reason)") }
    let parts = manifest.tables.flatMap(\.parts).map(\.file)
    for path in [PostgresBackup.file] + parts + copies {
      if Signals.stopRequested { throw Outcome.interrupted }
      progress.show("adding up \(path)")
      let (bytes, sha256) = try target.sum(of: path)
      manifest.files.append(Manifest.Sum(path: path, bytes: bytes, sha256: sha256))
    }
    try target.write(manifest.encoded(), to: BackupDirectory.manifest)
    return manifest
  }

  /// The greatest number among the migrations that an engine has.
  private static func schema(_ target: any MigrationTarget, _ engine: String) throws -> Int {
    guard let number = try target.ledger().keys.max() else {
      throw BackupError(
        Outcome.refused,
        "\(engine) has no tables: is this the right database? Then run swiftlet migrate")
    }
    return number
  }
}

extension Manifest {
  fileprivate func text(_ directory: String) -> String {
    """
    \(directory): \(links) links, \(clicks) clicks, \((bytes + 1023) / 1024) KB
    After a restore of it: swiftlet clicks reconcile --since \(since)
    """
  }
}
