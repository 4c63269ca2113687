import Service

/// Brings the engines' schemas up to date, one run at a time.
///
/// Migrations are applied in the order of their numbers; one that waits for what the server lacks does
/// not hold up those behind it. Then the programs' logins of PostgreSQL get the rights that they lack, also
/// when a migration failed. A file that has changed since it was applied stops everything before anything
/// is applied.
package final class Migrator {
  package enum State: Equatable, Sendable {
    case applied(at: String)
    case pending
    /// The server lacks what the migration needs.
    case waiting(because: String)
    /// The ledger has it, the directory has not: a newer release was here.
    case unknown(appliedAt: String)
  }

  package struct Step: Sendable {
    package let engine: Migration.Engine
    package let name: String
    package let requirement: Migration.Requirement?
    package let state: State
  }

  private let postgres: PostgresMigrations
  private let targets: [any MigrationTarget]
  private let directory: String

  /// Migrates all engines by the files in `directory`.
  package init(
    postgres: PostgresMigrations, others: [any MigrationTarget], directory: String
  ) {
    self.postgres = postgres
    targets = [postgres as any MigrationTarget] + others
    self.directory = directory
  }

  /// What is there and what is to be done; changes nothing.
  package func status() throws(MigrationError) -> [Step] {
    var steps: [Step] = []
    for target in targets {
      let migrations = try MigrationDirectory.read(directory, target.engine)
      steps += try plan(target, migrations).map(\.step)
    }
    return steps + (try postgres.missingGrants()).map(Step.init)
  }

  /// The names of all tables that an engine has, or had at some migration; the ledger's, too.
  package func tables(of engine: Migration.Engine) throws(MigrationError) -> Set<String> {
    Set(try MigrationDirectory.read(directory, engine).flatMap(\.tables) + ["schema_migrations"])
  }

  /// Applies what is pending, and tells `report` of each step once it is done.
  ///
  /// A second run at the same time waits for the first (an advisory lock in PostgreSQL), then finds
  /// nothing to do. While a restore isn't done, ClickHouse gets no tables: clicks would be stored in
  /// them, and the restore couldn't go on.
  ///
  /// - Parameters:
  ///   - endsRestore: Whether the caller is that restore.
  ///   - report: Is told of each step.
  /// - Throws: Also when a restore isn't done that isn't the caller's.
  package func migrate(
    endsRestore: Bool = false, report: (Step) -> Void
  ) throws(MigrationError) {
    var files: [[Migration]] = []
    for target in targets { files.append(try MigrationDirectory.read(directory, target.engine)) }
    try postgres.prepareDatabase()
    try postgres.lock()
    defer { postgres.unlock() }
    if !endsRestore, let command = try postgres.unfinishedRestore() {
      throw MigrationError(.refused, "a restore isn't done: run \(command) again first")
    }
    for target in targets { try target.prepare() }
    var plans: [(any MigrationTarget, [Planned])] = []
    for (target, migrations) in zip(targets, files) {
      plans.append((target, try plan(target, migrations)))
    }
    do throws(MigrationError) {
      try apply(plans, report)
    } catch {
      // The programs may run meanwhile, and have tables of the migrations that were applied.
      try? grantRights(report)
      throw error
    }
    try grantRights(report)
  }

  private func apply(
    _ plans: [(any MigrationTarget, [Planned])], _ report: (Step) -> Void
  ) throws(MigrationError) {
    for (target, planned) in plans {
      for item in planned {
        guard case .pending = item.step.state, let migration = item.migration else {
          if case .waiting = item.step.state { report(item.step) }
          continue
        }
        guard !Signals.stopRequested else { throw .interrupted }
        try target.apply(migration, checksum: item.checksum)
        report(item.step)
      }
    }
  }

  private func grantRights(_ report: (Step) -> Void) throws(MigrationError) {
    for grant in try postgres.missingGrants() {
      try postgres.apply(grant)
      report(Step(grant))
    }
  }

  private struct Planned {
    let step: Step
    let migration: Migration?
    let checksum: String
  }

  private func plan(
    _ target: any MigrationTarget, _ migrations: [Migration]
  ) throws(MigrationError) -> [Planned] {
    let ledger = try target.ledger()
    var planned: [Planned] = []
    for migration in migrations {
      let checksum = try postgres.checksum(of: migration.text)
      let state: State
      if let entry = ledger[migration.number] {
        guard entry.checksum == checksum else {
          throw MigrationError(
            .files,
            "\(target.engine.rawValue)/\(migration.name) is not the file that was applied at "
              + "\(entry.appliedAt) as \(entry.name): put that one back and write a new migration")
        }
        state = .applied(at: entry.appliedAt)
      } else if let requirement = migration.requirement,
        let obstacle = try target.obstacle(to: requirement)
      {
        state = .waiting(because: obstacle)
      } else {
        state = .pending
      }
      planned.append(
        Planned(
          step: Step(
            engine: target.engine, name: migration.name,
            requirement: migration.requirement, state: state),
          migration: migration, checksum: checksum))
    }
    for (_, entry) in ledger.filter({ $0.key > migrations.count }).sorted(by: { $0.key < $1.key }) {
      let step = Step(
        engine: target.engine, name: entry.name, requirement: nil,
        state: .unknown(appliedAt: entry.appliedAt))
      planned.append(Planned(step: step, migration: nil, checksum: entry.checksum))
    }
    return planned
  }
}

extension Migrator.Step {
  /// A right that is to be granted, named by its statement.
  fileprivate init(_ grant: PostgresGrant) {
    self.init(engine: .postgres, name: grant.name, requirement: nil, state: .pending)
  }
}
