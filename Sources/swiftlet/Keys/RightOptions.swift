import Access
import ArgumentParser
import JSON
import Management

/// The options for what a key may do, as members of a request's body.
struct RightOptions: ParsableArguments {
  @Flag(help: "It sees and changes only the links that it made.")
  var authoredOnly = false

  @Option(help: "The only domain whose links it sees and makes; DEFAULT for the default one.")
  var domain: String?

  @Flag(help: "It sees no visits that belong to no link.")
  var noOrphanVisits = false

  @Option(
    name: .customLong("scope"),
    help: """
      read-only and create-only narrow it down; any-scheme (links to mailto: and the like) and admin (keys, \
      tenants, domains) are for keys that have roles or scopes. May be given several times.
      """)
  var scopes: [String] = []

  @Option(help: "When it stops working, such as 2027-01-31T00:00:00Z.")
  var expires: String?

  @Option(help: "How many requests it may make in a minute.")
  var rateLimit: Int?

  private var roles: [JSONValue] {
    let roles: [[(String, JSONValue)]?] = [
      authoredOnly ? [("role", .string(KeyRole.Word.authoredShortURLs.rawValue))] : nil,
      domain.map {
        [("role", .string(KeyRole.Word.domainSpecific.rawValue)), ("domain", .string($0))]
      },
      noOrphanVisits ? [("role", .string(KeyRole.Word.noOrphanVisits.rawValue))] : nil,
    ]
    return roles.compactMap { $0.map { .object($0) } }
  }

  /// Those that are named.
  var members: [JSONObject.Member] {
    let members: [JSONObject.Member?] = [
      roles.isEmpty ? nil : .init("roles", .array(roles)),
      scopes.isEmpty ? nil : .init("scopes", .array(scopes.map { .string($0) })),
      expires.map { .init("expiresAt", .string($0)) },
      rateLimit.map { .init("rateLimit", .number(String($0))) },
    ]
    return members.compactMap(\.self)
  }
}
