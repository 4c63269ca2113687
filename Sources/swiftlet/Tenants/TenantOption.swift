import API
import Access
import ArgumentParser
import JSON
import Management

/// On behalf of which tenant a command works.
struct TenantOption: ParsableArguments {
  @Option(help: "The tenant's name. (default: the default tenant)")
  var tenant: String?

  /// The operator, for this tenant.
  func caller(_ stores: ManagementStores) throws(ManagementFailure) -> Caller {
    guard let tenant else { return .operatorOf(tenant: 0) }
    let found = try stores.units.read("find a tenant", for: .operator) { unit throws(TableError) in
      try unit.tenants.find(named: tenant)
    }
    guard let found else { throw .tenant(.notFound(tenant)) }
    return .operatorOf(tenant: found.id)
  }

  /// Edits keys alike, after all of them were found, and tells of them.
  func edit(_ keys: [String], _ edition: KeyEdition, _ output: OutputOptions) throws {
    try Installation().withStores { stores in
      let caller = try caller(stores)
      let ids = try keys.map { try KeyInput.id(of: $0, for: caller, stores) }
      let edited = try ids.map {
        try EditKey().perform(.init($0, edition), for: caller, in: stores)
      }
      output.print(
        json: { json in
          json.beginArray()
          for key in edited { key.write(to: &json) }
          json.endArray()
        }, text: { edited.table })
    }
  }
}

/// The keys that a command names.
struct NamedKeys: ParsableArguments {
  @Argument(help: "Keys: their names or ids.")
  var keys: [String]

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func edit(isEnabled: Bool) throws {
    try Outcome.reporting {
      var edition = KeyEdition()
      edition.isEnabled = .set(isEnabled)
      try tenant.edit(keys, edition, output)
    }
  }
}
