package import API
package import Access
import JSON

/// The input of a new key.
package struct KeyCreation: Equatable, Sendable {
  package let name: String
  package let rights: KeyRights
  package let isEnabled: Bool

  package init(name: String, rights: KeyRights, isEnabled: Bool = true) {
    self.name = name
    self.rights = rights
    self.isEnabled = isEnabled
  }

  package init(from reader: inout InputReader) {
    name = reader.required("name", .label(sample: "newsletter"), KeyEdition.nameSummary)
    var rights = KeyRights().with(
      reader.optional("roles", .keyRoles, KeyEdition.rolesSummary) ?? [])
    rights.scopes = Set(reader.optional("scopes", .scopes, KeyEdition.scopesSummary) ?? [])
    rights.expiresAt = reader.optional("expiresAt", .time, "When it stops working.")
    rights.rateLimit = reader.optional("rateLimit", .rateLimit, KeyEdition.limitSummary)
    self.rights = rights
    isEnabled = reader.optional("enabled", .boolean, "Whether it works, true by default.") ?? true
  }
}
