import Access
import ArgumentParser
import Management

/// `swiftlet tag delete NAME…`.
struct DeleteTagsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete tags, and take them from their links.",
    discussion: """
      The links stay. A tag that isn't there is passed over. Many links lose a tag step by step; the \
      command may be given again when it was stopped.
      """)

  @Argument(help: "The names of the tags.")
  var names: [String]

  @OptionGroup var tenant: TenantOption

  func run() throws {
    try Outcome.reporting {
      let names = try names.map { try TagName(argument: $0) }
      try Installation().withStores { stores in
        _ = try DeleteTags().perform(names, for: tenant.caller(stores), in: stores)
      }
    }
  }
}
