import Access
import ArgumentParser
import Management

/// `swiftlet tag delete NAME…`.
struct DeleteTagsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete tags, and take them from their links.",
    discussion: """
      The links stay. Many links lose a tag step by step; the command may be given again when it was \
      stopped. Exits with 1 if there is no such tag, after the others were deleted.
      """)

  @Argument(help: "The names of the tags.")
  var names: [String]

  @OptionGroup var tenant: TenantOption

  func run() throws {
    try Outcome.reporting {
      let names = try names.map { try TagName(argument: $0) }
      try Installation().withStores { stores in
        let caller = try tenant.caller(stores)
        let known = try stores.units.read("look for tags", for: caller) { unit throws(TableError) in
          try unit.tags.known(among: names)
        }
        _ = try DeleteTags().perform(names, for: caller, in: stores)
        let unknown = names.map(\.description).filter { !known.contains($0) }
        for name in unknown { Outcome.complain("there is no tag \(name.printable)") }
        guard unknown.isEmpty else { throw Outcome.notFound }
      }
    }
  }
}
