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

  @Option(help: "The link's domain. (default: that of BASE_URL)")
  var domain: String?

  /// Changes the link's rules, and prints them.
  ///
  /// - Parameters:
  ///   - output: How they are printed.
  ///   - change: Makes the new list of the present one; nil changes nothing.
  /// - Throws: What the command ends with.
  func edit(
    _ output: OutputOptions,
    _ change: ([RedirectRule], OwnHosts) throws -> [RedirectRule]?
  ) throws {
    try Outcome.reporting {
      let installation = try Installation()
      let ownHosts = try OwnHosts(installation.settings)
      let list = try installation.withStores { stores in
        let name = try name(installation, stores)
        let list = try ListRedirectRules().perform(name, for: .operator, in: stores)
        guard let rules = try change(list.rules, ownHosts) else { return list }
        return try SetRedirectRules(ownHosts).perform(
          .init(name, .success(rules)), for: .operator, in: stores)
      }
      output.print(json: list.write, text: { list.table })
    }
  }

  /// The first of the names that the argument may mean and a link has.
  func name(_ installation: Installation, _ stores: ManagementStores) throws -> ShortURLName {
    let slugs = try Slug.readings(argument: code, installation.settings)
    return try stores.name(among: slugs, domain: domain)
  }
}
