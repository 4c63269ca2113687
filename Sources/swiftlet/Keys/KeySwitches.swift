import ArgumentParser

/// `swiftlet key disable KEY…`.
struct DisableKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Let keys stop working for now.")

  @OptionGroup var keys: NamedKeys

  func run() throws { try keys.edit(isEnabled: false) }
}

/// `swiftlet key enable KEY…`.
struct EnableKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Let disabled keys work again.")

  @OptionGroup var keys: NamedKeys

  func run() throws { try keys.edit(isEnabled: true) }
}
