import API
import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet key create NAME`.
struct CreateKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a key, and show it this one time.",
    discussion: "A key without roles and scopes may do everything in its tenant.")

  @Argument(help: "What people call it; no other key of the tenant has this name.")
  var name: String

  @OptionGroup var rights: RightOptions
  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let creation = try KeyInput.read([.init("name", .string(name))] + rights.members) {
        KeyCreation(from: &$0)
      }
      try Installation().withStores { stores in
        let issued = try CreateKey().perform(creation, for: tenant.caller(stores), in: stores)
        output.print(json: { issued.write(to: &$0) }, text: { issued.secret.text })
      }
    }
  }
}
