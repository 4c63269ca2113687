import API
import Access
import ArgumentParser
import Management
import Service
import Text

/// `swiftlet key list`: `ListKeys` as a table.
struct ListKeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the keys of a tenant, the oldest first.")

  @OptionGroup var tenant: TenantOption
  @OptionGroup var page: PageOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = ListKeys()
      let page = try page.read { operation.input(from: &$0) }
      try Installation().withStores { stores in
        let list = try operation.perform(page, for: tenant.caller(stores), in: stores)
        output.print(
          json: list.write, text: { list.keys.table + "\n" + list.pagination.line("keys") })
      }
    }
  }
}

extension [APIKey] {
  /// In columns for people.
  var table: String {
    var table = Table(
      "ID", "NAME", "KEY", "STATE", "ROLES", "SCOPES", "A MINUTE", "EXPIRES", "LAST USED")
    for key in self {
      table.add(
        "\(key.id)", key.name, key.prefix + "…", key.state,
        key.rights.roles.map { role in
          role.word.rawValue + (role.domainText.map { ":" + $0 } ?? "")
        }.joined(separator: ","),
        Scope.allCases.filter(key.rights.scopes.contains).map(\.rawValue).joined(separator: ","),
        key.rights.rateLimit.map { "\($0)" } ?? "", Self.time(key.rights.expiresAt),
        Self.time(key.lastUsedAt))
    }
    return table.text
  }

  private static func time(_ milliseconds: Int64?) -> String {
    milliseconds.map { RFC3339.string(seconds: $0 / 1000) } ?? "never"
  }
}

extension APIKey {
  fileprivate var state: String {
    guard isEnabled else { return "disabled" }
    let hasExpired = rights.expiresAt.map { $0 <= SystemClock.milliseconds() } ?? false
    return hasExpired ? "expired" : "enabled"
  }
}
