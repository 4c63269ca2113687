import API
import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet key rotate KEY`.
struct RotateKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Give a key another secret, and show it this one time.",
    discussion: "The old secret stops working within a second.")

  @Argument(help: "The key: its name or id.")
  var key: String

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      try Installation().withStores { stores in
        let caller = try tenant.caller(stores)
        let id = try KeyInput.id(of: key, for: caller, stores)
        let issued = try RotateKey().perform(id, for: caller, in: stores)
        output.print(json: { issued.write(to: &$0) }, text: { issued.secret.text })
      }
    }
  }
}
