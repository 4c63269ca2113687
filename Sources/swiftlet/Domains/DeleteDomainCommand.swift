import API
import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet domain delete DOMAIN`: `DeleteDomain`.
struct DeleteDomainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a domain that no link and no API key needs.",
    discussion: """
      Its redirects are deleted with it. Another tenant can have it then. Links of it that were deleted can be \
      restored only when it is this tenant's again.
      """)

  @Argument(help: "The domain.")
  var domain: String

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      try Installation().withStores { stores in
        _ = try DeleteDomain().perform(domain, for: tenant.caller(stores), in: stores)
        output.print(
          json: { json in
            json.beginObject()
            json.key("domain")
            json.string(domain)
            json.endObject()
          }, text: { "deleted  " + domain.printable })
      }
    }
  }
}
