import API
import JSON
import Service

/// A role of a key, with Shlink's words.
package struct KeyRole: Equatable, Sendable {
  package enum Word: String, CaseIterable, Sendable {
    case authoredShortURLs = "AUTHORED_SHORT_URLS"
    case domainSpecific = "DOMAIN_SPECIFIC"
    case noOrphanVisits = "NO_ORPHAN_VISITS"
  }

  package let word: Word
  /// The domain of `DOMAIN_SPECIFIC`, as it was asked for; '' for the default one.
  package let domain: String?

  package init(_ word: Word, domain: String? = nil) {
    self.word = word
    self.domain = domain
  }

  package var domainText: String? { domain.map { $0.isEmpty ? BaseURL.defaultDomain : $0 } }
}

extension FieldType<KeyRole> {
  /// One role: its word, and the domain that only one of them has.
  static var keyRole: FieldType {
    FieldType(
      schema: schema, sample: KeyRole(.domainSpecific, domain: "brand.example")
    ) { value throws(InvalidValue) in
      guard case .json(.object(let object)) = value else {
        throw InvalidValue("must be an object, not \(value.kind)")
      }
      guard let word = object["role"] else { throw InvalidValue("has no role") }
      return try role(
        FieldType<KeyRole.Word>.word(sample: .domainSpecific).read(.json(word)), object)
    } write: { role in
      let domain = role.domainText.map { JSONObject.Member("domain", .string($0)) }
      return .object(
        JSONObject([.init("role", .string(role.word.rawValue))] + (domain.map { [$0] } ?? [])))
    }
  }

  private static func role(
    _ word: KeyRole.Word, _ object: JSONObject
  ) throws(InvalidValue) -> KeyRole {
    let domain = object["domain"].flatMap { $0 == .null ? nil : $0 }
    guard word == .domainSpecific else {
      guard domain == nil else {
        throw InvalidValue("has a domain, which \(word.rawValue) can't have")
      }
      return KeyRole(word)
    }
    guard let domain else { throw InvalidValue("has no domain") }
    guard let text = domain.string else { throw InvalidValue("has a domain that is no string") }
    // The table knows which of its names a domain has, and which hosts are none.
    guard text.utf8.count <= ShortURLName.longestDomain,
      BaseURL(isTLS: false, authority: text[...]) != nil
    else { throw InvalidValue("has a domain that is no host name in ASCII") }
    return KeyRole(word, domain: text)
  }

  private static var schema: Schema {
    Schema([
      "type": "object", "required": .array(["role"]),
      "properties": .object([
        (
          "role",
          .object([
            ("type", "string"),
            ("enum", .array(KeyRole.Word.allCases.map { .string($0.rawValue) })),
          ])
        ),
        (
          "domain",
          .object([
            ("type", .array(["string", "null"])),
            ("maxLength", .number("\(ShortURLName.longestDomain)")),
            ("description", "For DOMAIN_SPECIFIC: its domain, DEFAULT for the default one."),
          ])
        ),
      ]),
    ])
  }
}

extension FieldType<[KeyRole]> {
  /// The roles of a key, each once.
  static var keyRoles: FieldType {
    let list = FieldType<[KeyRole]>.list(of: .keyRole, atMost: KeyRole.Word.allCases.count)
    return FieldType(schema: list.schema, sample: list.sample) { value throws(InvalidValue) in
      let roles = try list.read(value)
      guard Set(roles.map(\.word)).count == roles.count else {
        throw InvalidValue("has a role twice")
      }
      return roles
    } write: {
      list.write($0)
    }
  }
}
