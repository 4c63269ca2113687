import API
import Access
import ArgumentParser
import JSON
import Management
import Text

/// `swiftlet tenant`: tenants, whose links and keys are invisible to each other.
struct TenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "Make, list and delete tenants.",
    discussion: """
      A tenant has links, tags, domains and API keys of its own, and sees no others. A new one needs a key: \
      `swiftlet key create --tenant NAME`.
      """,
    subcommands: [
      CreateTenantCommand.self, ListTenantsCommand.self, DeleteTenantCommand.self,
    ])
}

/// `swiftlet tenant create NAME`.
struct CreateTenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a tenant.")

  @Argument(help: "What people call it; no other tenant has this name.")
  var name: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = CreateTenant()
      let name = try KeyInput.read([.init("name", .string(name))]) {
        operation.input(from: &$0)
      }
      try Installation().withStores { stores in
        let tenant = try operation.perform(name, for: .operator, in: stores)
        output.print(json: { tenant.write(to: &$0) }, text: { "made  " + tenant.name.printable })
      }
    }
  }
}

/// `swiftlet tenant list`.
struct ListTenantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tenants, the oldest first.")

  @OptionGroup var page: PageOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = ListTenants()
      let page = try page.read { operation.input(from: &$0) }
      let list = try Installation().withStores { stores in
        try operation.perform(page, for: .operator, in: stores)
      }
      output.print(
        json: list.write, text: { list.table + "\n" + list.pagination.line("tenants") })
    }
  }
}

/// `swiftlet tenant delete NAME`.
struct DeleteTenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a tenant that has no keys, domains and links.")

  @Argument(help: "The tenant's name.")
  var name: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      try Installation().withStores { stores in
        _ = try DeleteTenant().perform(name, for: .operator, in: stores)
        output.print(
          json: { json in
            json.beginObject()
            json.key("name")
            json.string(name)
            json.endObject()
          }, text: { "deleted  " + name.printable })
      }
    }
  }
}

extension TenantList {
  fileprivate var table: String {
    var table = Table("ID", "NAME", "CREATED")
    for tenant in tenants {
      table.add("\(tenant.id)", tenant.name, RFC3339.string(seconds: tenant.createdAt / 1000))
    }
    return table.text
  }
}
