import API
import Access
import ArgumentParser
import Destinations
import Links
import Management

/// The link whose rules a command is about.
struct RuledLink: ParsableArguments {
  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @Option(help: "The link's domain. (default: that of a short URL, or of BASE_URL)")
  var domain: String?

  /// Changes the link's rules, and prints them.
  ///
  /// - Parameters:
  ///   - output: How they are printed.
  ///   - change: Makes the new list of the present one.
  /// - Throws: What the command ends with.
  func edit(
    _ output: OutputOptions,
    _ change: @escaping ([RedirectRule], OwnHosts) throws -> [RedirectRule]
  ) throws {
    try print(output) { installation, name, stores in
      let ownHosts = try OwnHosts(installation.settings)
      return try RuleChange(of: name) { try change($0, ownHosts) }
        .perform(for: .operator, in: stores)
    }
  }

  /// Prints the link's rules.
  ///
  /// - Parameters:
  ///   - output: How they are printed.
  ///   - find: Gives them.
  /// - Throws: What the command ends with.
  func print(
    _ output: OutputOptions,
    _ find: (Installation, ShortURLName, ManagementStores) throws -> RuleList
  ) throws {
    try Outcome.reporting {
      let installation = try Installation()
      let list = try installation.withStores { stores in
        try find(installation, name(installation, stores), stores)
      }
      output.print(json: list.write, text: { list.table })
    }
  }

  /// The first of the names that the argument may mean and a link has.
  func name(_ installation: Installation, _ stores: ManagementStores) throws -> ShortURLName {
    try stores.name(of: LinkArgument(code, domain: domain, installation))
  }
}
