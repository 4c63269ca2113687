import Migrations
import Service

/// Brings both schemas up to date.
struct SchemaStep: SetupStep {
  let title = "Schema: the tables of PostgreSQL and ClickHouse"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let migrator = Migrator(
      postgres: PostgresMigrations(host.settings),
      others: [try ClickHouseMigrations(host.settings)],
      directory: MigrationOptions.defaultDirectory())
    return try host.asPrograms {
      if isDry {
        // Without a database nothing can be asked, and everything is to be made.
        guard let steps = try? migrator.status() else { return .made("all tables", isDry: true) }
        return Self.result(steps, isDry: true)
      }
      var steps: [Migrator.Step] = []
      try migrator.migrate { steps.append($0) }
      return Self.result(steps, isDry: false)
    }
  }

  private static func result(_ steps: [Migrator.Step], isDry: Bool) -> SetupResult {
    let pending = steps.count { $0.state == .pending }
    return pending == 0
      ? .kept("all tables are up to date") : .made("\(pending) migrations", isDry: isDry)
  }
}
