import JSON
package import Web

/// Why something about a key can't be done.
package enum KeyFailure: Answerable, Equatable {
  /// The caller can see no such key.
  case notFound
  /// Another key of the tenant has this name.
  case nameTaken(String)
  /// The tenant has as many keys as it may.
  case tooMany
  /// The caller's own rights don't cover those of the key.
  case beyondOwnRights
  /// Nobody could manage keys by the API any more.
  case lastKey
  /// The domain of a role is nothing that a domain can be called.
  case noDomain(String)
  /// The domain of a role belongs to another tenant.
  case domainOfOthers(String)
  /// Nobody has the domain of a role, and there are too many for another one.
  case tooManyDomains

  package var problem: Problem {
    switch self {
    case .notFound: Problem(.apiKeyNotFound, detail: ProblemType.apiKeyNotFound.summary)
    case .nameTaken(let name):
      Problem(
        .apiKeyConflict, detail: "Another API key has this name.",
        members: [.init("name", .string(name))])
    case .tooMany:
      Problem(
        .apiKeyConflict,
        detail: "There are \(KeyTable.limit) API keys already: delete one first.")
    case .beyondOwnRights:
      Problem(
        .forbidden, detail: "An API key makes and changes only keys within its own rights.")
    case .lastKey:
      Problem(
        .forbidden,
        detail: "This is the last API key with all rights: it can be changed on the server alone.")
    case .noDomain(let text):
      Problem(
        ProblemType.Shlink.invalidData,
        detail: "No domain is called \(text): it is a host name in ASCII, without another port.",
        members: [.init("invalidElements", .array(["roles"]))])
    case .domainOfOthers(let domain):
      Problem(
        ProblemType.Shlink.invalidData, detail: "The domain \(domain) is another tenant's.",
        members: [.init("invalidElements", .array(["roles"]))])
    case .tooManyDomains:
      Problem(
        ProblemType.Shlink.invalidData, detail: "The domain \(DomainClaim.tooMany).",
        members: [.init("invalidElements", .array(["roles"]))])
    }
  }
}

extension Result where Failure == KeyFailure {
  /// The success, or the failure as one of the operations on links and what belongs to them.
  func orThrow() throws(ManagementFailure) -> Success {
    switch self {
    case .success(let success): return success
    case .failure(let failure): throw .key(failure)
    }
  }
}
