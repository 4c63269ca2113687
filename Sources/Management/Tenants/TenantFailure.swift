import JSON
package import Web

/// Why something about a tenant can't be done.
package enum TenantFailure: Answerable, Equatable {
  case notFound(String)
  case nameTaken(String)
  /// It has keys, domains or links, or is the default one.
  case inUse(String)

  package var problem: Problem {
    switch self {
    case .notFound(let name): Self.problem(.tenantNotFound, name)
    case .nameTaken(let name): Self.problem(.tenantConflict, name)
    case .inUse(let name):
      Problem(
        .tenantConflict,
        detail:
          "A tenant is deleted when it has no keys, domains and links; the default one never.",
        members: [.init("name", .string(name))])
    }
  }

  private static func problem(_ type: ProblemType, _ name: String) -> Problem {
    Problem(type, detail: type.summary, members: [.init("name", .string(name))])
  }
}
