import ArgumentParser

/// `swiftlet key`: issues API keys and takes them back.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Issue API keys, change them, and take them back.",
    discussion: """
      A key is shown when it is made and when it is rotated, never again: only its hash is stored. After a \
      change every worker on every host follows within a second.

      KEY is a key's name, or its id where no key has that name.
      """,
    subcommands: [
      CreateKeyCommand.self, ListKeysCommand.self, EditKeyCommand.self, DisableKeyCommand.self,
      EnableKeyCommand.self, RotateKeyCommand.self, DeleteKeyCommand.self, SignInCommand.self,
    ])
}
