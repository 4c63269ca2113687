import API
import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet key edit KEY`.
struct EditKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change a key's name, rights, end or limit.",
    discussion: """
      What isn't named stays as it is. Roles and scopes that are named are the only ones from then on.
      """)

  @Argument(help: "The key: its name or id.")
  var key: String

  @Option(help: "Another name.")
  var name: String?

  @OptionGroup var rights: RightOptions

  @Flag(help: "Take all roles away.")
  var noRoles = false

  @Flag(help: "Take all scopes away.")
  var noScopes = false

  @Flag(help: "Let it work for ever.")
  var noExpiry = false

  @Flag(help: "Let it make any number of requests.")
  var noRateLimit = false

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let members =
        (name.map { [.init("name", .string($0))] } ?? []) + rights.members
        + (noRoles ? [.init("roles", .array([]))] : [])
        + (noScopes ? [.init("scopes", .array([]))] : [])
        + (noExpiry ? [.init("expiresAt", .null)] : [])
        + (noRateLimit ? [.init("rateLimit", .null)] : [])
      guard !members.isEmpty else { throw ValidationError("name what is to change") }
      guard Set(members.map(\.key)).count == members.count else {
        throw ValidationError("an option and its --no- form exclude each other")
      }
      let edition = try KeyInput.read(members) { KeyEdition(from: &$0) }
      try tenant.edit([key], edition, output)
    }
  }
}
