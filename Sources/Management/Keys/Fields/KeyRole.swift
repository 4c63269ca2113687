import API
import JSON

/// A role of a key, with Shlink's words.
package struct KeyRole: Equatable, Sendable {
  package enum Word: String, CaseIterable, Sendable {
    case authoredShortURLs = "AUTHORED_SHORT_URLS"
    case domainSpecific = "DOMAIN_SPECIFIC"
    case noOrphanVisits = "NO_ORPHAN_VISITS"
  }

  package let word: Word
  /// The domain of `DOMAIN_SPECIFIC`, in lower case; '' for the default one.
  package let domain: String?

  package init(_ word: Word, domain: String? = nil) {
    self.word = word
    self.domain = domain
  }

  /// How the default domain is named.
  static let defaultDomain = "DEFAULT"

  package var domainText: String? { domain.map { $0.isEmpty ? Self.defaultDomain : $0 } }
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
    return KeyRole(word, domain: try domainName(domain))
  }

  /// - Returns: A host in lower case; '' for the default domain.
  private static func domainName(_ value: JSONValue) throws(InvalidValue) -> String {
    guard let text = value.string else { throw InvalidValue("has a domain that is no string") }
    let name = text.lowercased()
    if name == KeyRole.defaultDomain.lowercased() { return "" }
    let isHost = name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
    }
    guard isHost, name.utf8.count <= 253 else {
      throw InvalidValue("has a domain that is no host name in ASCII, without a port")
    }
    return name
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
            ("type", .array(["string", "null"])), ("maxLength", .number("253")),
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
