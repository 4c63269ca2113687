package import API
package import Access
import JSON

/// An API key as people manage it, without its secret.
package struct APIKey: JSONObjectAnswer, Equatable {
  package let id: Int
  package var name: String
  /// The first characters of the secret.
  package let prefix: String
  package var rights: KeyRights
  package var isEnabled: Bool
  /// Milliseconds since 1970.
  package let createdAt: Int64
  /// The same, to the minute; nil for one that was never used.
  package let lastUsedAt: Int64?

  package static let schemaName = "ApiKey"
  package static let summary = "The key as it is now, without its secret."
  package static let sample = APIKey(
    id: 7, name: "newsletter", prefix: "swl_4Kd81Lwz",
    rights: KeyRights(
      isAuthoredOnly: true, domain: "brand.example", scopes: [.readOnly], rateLimit: 600,
      expiresAt: 1_800_000_000_000), isEnabled: true, createdAt: 1_790_000_000_000,
    lastUsedAt: 1_790_000_060_000)

  /// Whether it is good without an end, for everything.
  var isForEverything: Bool { rights.isEverything && rights.expiresAt == nil && isEnabled }

  package func write(to writer: inout FieldWriter) {
    writer.field("id", id, .count(from: 1, sample: 7), "Its number for ever, whatever its name.")
    writer.field("name", name, .label(sample: ""), "What people call it.")
    writer.field(
      "prefix", prefix, .string(atMost: 12, sample: ""),
      "The first characters of the key, to tell keys apart.")
    writer.list("roles", rights.roles, "What it is limited to.") { role, writer in
      writer.field("role", role.word, .word(sample: .domainSpecific), "Shlink's word.")
      if let domain = role.domainText {
        writer.field("domain", domain, .string(atMost: 253, sample: ""), "The only domain.")
      }
    }
    writer.list(
      "scopes", Scope.allCases.filter(rights.scopes.contains), of: .word(sample: .readOnly),
      atMost: Scope.allCases.count, "What it may do; a key without roles and scopes: everything.")
    writer.nullable("expiresAt", rights.expiresAt, .time, "When it stops working; null for never.")
    writer.nullable(
      "rateLimit", rights.rateLimit, .rateLimit, "Requests a minute; null for any number.")
    writer.field("enabled", isEnabled, .boolean, "Whether it works.")
    writer.field("createdAt", createdAt, .time, "When it was made.")
    writer.nullable(
      "lastUsedAt", lastUsedAt, .time, "When it was last used, to the minute; null for never.")
  }
}

extension KeyRights {
  /// These roles, and the other rights of these.
  func with(_ roles: [KeyRole]) -> KeyRights {
    var rights = self
    rights.isAuthoredOnly = roles.contains { $0.word == .authoredShortURLs }
    rights.domain = roles.first { $0.word == .domainSpecific }?.domain
    rights.hasNoOrphanVisits = roles.contains { $0.word == .noOrphanVisits }
    return rights
  }

  package var roles: [KeyRole] {
    let roles: [KeyRole?] = [
      isAuthoredOnly ? KeyRole(.authoredShortURLs) : nil,
      domain.map { KeyRole(.domainSpecific, domain: $0) },
      hasNoOrphanVisits ? KeyRole(.noOrphanVisits) : nil,
    ]
    return roles.compactMap(\.self)
  }
}

extension FieldType<Int> {
  /// Requests a minute.
  static var rateLimit: FieldType { .integer(in: 1...1_000_000, sample: 600) }
}
