import ArgumentParser

/// `swiftlet agents …`: commands for the table of user agents.
struct AgentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "Show what a user agent is taken for; renew the list of bots.",
    subcommands: [ShowAgents.self, UpdateAgents.self])
}
