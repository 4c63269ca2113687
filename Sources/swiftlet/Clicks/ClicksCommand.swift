import ArgumentParser

/// `swiftlet clicks …`: commands for clicks that have not arrived.
struct ClicksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clicks", abstract: "Account for clicks, and replay what has not arrived.",
    subcommands: [Redrive.self, Reconcile.self, CarryCommand.self])
}
