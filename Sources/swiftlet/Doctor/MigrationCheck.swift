import Migrations
import Service

/// Whether the engines' schemas are the ones this release wants, and the programs have their rights.
struct MigrationCheck {
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    do {
      let migrator = Migrator(
        postgres: PostgresMigrations(settings), others: [try ClickHouseMigrations(settings)],
        directory: MigrationOptions.defaultDirectory())
      let steps = try migrator.status()
      let pending = steps.filter { $0.state == .pending }.map(\.name)
      guard pending.isEmpty else {
        return [
          .failed(
            "schema", "pending: " + pending.joined(separator: ", "), do: "run swiftlet migrate")
        ]
      }
      let waiting = steps.filter(\.isToDo).count
      let remark = waiting > 0 ? "; \(waiting) wait for a newer server" : ""
      return [.ok("schema", "\(steps.count - waiting) migrations applied" + remark)]
    } catch {
      return [.failed("schema", "\(error)", do: "see swiftlet migrate status")]
    }
  }
}
