import ArgumentParser

/// `swiftlet tag`: the tags of links.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "List tags, rename and delete them.",
    discussion: "Links get their tags when they are made or edited.",
    subcommands: [ListTagsCommand.self, RenameTagCommand.self, DeleteTagsCommand.self])
}
