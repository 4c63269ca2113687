import ArgumentParser
import Files
import Migrations
import Service

/// `swiftlet restore`: a backup, into empty databases.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Restore a backup into empty databases.",
    discussion: """
      Compares all files with their sums first. Then the clicks are filled into ClickHouse and the links into \
      PostgreSQL; databases are made where they are missing, and migrated if this release is later. Redis \
      forgets the links. Nothing is restored over rows: then the tables that have them are named. Settings \
      stay in the backup. Until PostgreSQL has the links, a signal or a failure leaves everything as it was. \
      After that nothing stops it, and after a failure the same command goes on.

      Exits with 65 if the backup is damaged or made by a later release, 69 if an engine can't be had, 70 \
      if a database isn't empty or refuses, or a migration or another restore is at work, and 74 if a disk \
      is full.
      """)

  @Argument(help: "The directory of a backup.")
  var directory: String

  @OptionGroup var files: MigrationOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      Signals.install()
      let source = try BackupDirectory.open(directory)
      do {
        let manifest = try Manifest(of: source)
        try checkSchema(manifest)
        let keys = try restore(manifest, from: source, installation)
        print(manifest.restoredText(source, keys: keys))
      } catch {
        throw BackupError.made(of: error)
      }
    }
  }

  /// Throws if the backup has migrations that this release doesn't know.
  private func checkSchema(_ manifest: Manifest) throws {
    let directory = files.directory ?? MigrationOptions.defaultDirectory()
    for (engine, number) in [
      ("postgres", manifest.postgresSchema), ("clickhouse", manifest.clickHouseSchema),
    ] {
      let names = try Directory("\(directory)/\(engine)").names()
      guard number <= names.compactMap({ Int($0.prefix(4)) }).max() ?? 0 else {
        throw BackupError(
          Outcome.badData,
          "the backup has the migration \(number) of \(engine), which isn't in \(directory): "
            + "restore it by the release that made it, or a later one")
      }
    }
  }

  /// - Returns: How many keys Redis has forgotten.
  private func restore(
    _ manifest: Manifest, from source: BackupDirectory, _ installation: Installation
  ) throws -> Int {
    let progress = Progress()
    defer { progress.clear() }
    try compare(source, with: manifest, progress)
    return try Restore(manifest, from: source, files, installation, progress).run()
  }

  private func compare(
    _ source: BackupDirectory, with manifest: Manifest, _ progress: Progress
  ) throws {
    for file in manifest.files {
      if Signals.stopRequested { throw Outcome.interrupted }
      progress.show("comparing \(file.path)")
      guard let (bytes, sha256) = try? source.sum(of: file.path) else {
        throw BackupError(Outcome.badData, "\(source.path(of: file.path)) can't be read")
      }
      guard bytes == file.bytes, sha256 == file.sha256 else {
        throw BackupError(
          Outcome.badData, "\(source.path(of: file.path)) isn't what was backed up: its sum differs"
        )
      }
    }
  }
}

extension Manifest {
  fileprivate func restoredText(_ source: BackupDirectory, keys: Int) -> String {
    """
    Restored: \(links) links, \(clicks) clicks, as of \(madeAt). Redis has forgotten \(keys) keys.
    What is left to do:
      Name the clicks since the backup, and send again those that journals still have:
        swiftlet clicks reconcile --since \(since) --log /var/log/nginx/access.log --replay
      Then run swiftlet restart on every host: the programs remember links that may be gone.
      Compare the settings in \(source.path(of: SettingsCopy.directory)) with this host's.
      The dispatcher copies the visits of links again by itself; users sign in again.
    """
  }
}
