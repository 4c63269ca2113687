import API
import Access
import ArgumentParser
import Management

/// `swiftlet domain`: the domains of links.
struct DomainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "domain",
    abstract: "List the domains of links, set their redirects, and delete them.",
    subcommands: [
      ListDomainsCommand.self, SetRedirectsCommand.self, DeleteDomainCommand.self,
    ])
}

/// `swiftlet domain list`: `ListDomains` as a table.
struct ListDomainsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the domains that have links or redirects.")

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let list = try Installation().withStores { stores in
        try ListDomains().perform(NoInput(), for: tenant.caller(stores), in: stores)
      }
      output.print(json: list.write, text: { list.table })
    }
  }
}

extension ListedDomains {
  fileprivate var table: String {
    var table = Table("DOMAIN", "DEFAULT", "WITHOUT A PATH", "UNKNOWN PATH", "UNKNOWN NAME")
    for domain in domains {
      table.add(
        domain.authority, domain.isDefault ? "yes" : "no", domain.redirects.baseURL ?? "",
        domain.redirects.regular404 ?? "", domain.redirects.invalidShortURL ?? "")
    }
    return table.text
  }
}
