import Migrations
import Service

/// Checks whether the engines' schemas fit this release, and the programs have their rights.
struct MigrationCheck {
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  /// While a restore isn't done, that is the only finding: it migrates at its end.
  ///
  /// - Parameter earlier: The findings about the engines.
  /// - Returns: Nothing when a database is missing: that is told there.
  func findings(after earlier: [Finding]) -> [Finding] {
    let hasDatabase = !earlier.contains { $0.subject == ClickHouseCheck.databaseSubject }
    guard hasDatabase else { return [] }
    do {
      let postgres = PostgresMigrations(settings)
      if let command = try postgres.unfinishedRestore() {
        return [
          .failed(
            "restore", "the links are back, and the rest isn't done; clicks may wait",
            do: "run it again as the programs' user: \(command.printable)")
        ]
      }
      let migrator = Migrator(
        postgres: postgres, others: [try ClickHouseMigrations(settings)],
        directory: MigrationOptions.defaultDirectory())
      let steps = try migrator.status()
      let pending = steps.filter { $0.state == .pending }.map(\.name)
      guard pending.isEmpty else {
        return [
          .failed(
            "schema", "pending: " + pending.joined(separator: ", "), do: "run swiftlet migrate")
        ]
      }
      let waiting = steps.filter(\.isToDo)
      let lacking = waiting.filter(\.needsAnExtension)
      let applied = "\(steps.count - waiting.count) migrations applied"
      guard lacking.isEmpty else {
        return [
          .warning(
            "schema", "\(applied); waiting: " + lacking.map(\.name).joined(separator: ", "),
            do: "see swiftlet migrate status for what PostgreSQL lacks")
        ]
      }
      let remark = waiting.isEmpty ? "" : "; \(waiting.count) wait for a newer server"
      return [.ok("schema", applied + remark)]
    } catch {
      return [.failed("schema", "\(error)", do: "see swiftlet migrate status")]
    }
  }
}

extension Migrator.Step {
  /// Unlike a newer server, an extension is something that the operator can have now.
  fileprivate var needsAnExtension: Bool {
    if case .extension = requirement { true } else { false }
  }
}
