import ArgumentParser

/// `swiftlet clicks …`: what an operator does about clicks that have not arrived.
struct ClicksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clicks", abstract: "Account for clicks, and replay what has not arrived.",
    subcommands: [Redrive.self, Reconcile.self, CarryCommand.self])
}
