import Access
import Postgres
import Service

/// The domains of roles.
extension KeyTable {
  /// Makes the domain of a role where there is none yet, and sees to it that it is the tenant's.
  func domainFailure(_ rights: KeyRights) throws(TableError) -> KeyFailure? {
    guard let domain = rights.domain, !domain.isEmpty else { return nil }
    var owner = try self.owner(of: domain)
    if owner == nil {
      _ = try DomainTable.make(domain, of: caller.tenant, connection, timeoutMilliseconds: timeout)
      owner = try self.owner(of: domain)
    }
    guard let owner else { return .tooManyDomains }
    return owner == Int64(caller.tenant) ? nil : .domainOfOthers(domain)
  }

  /// The tenant that has a domain; nobody deletes it before this transaction ends.
  private func owner(of domain: String) throws(TableError) -> Int64? {
    try connection.execute(
      "SELECT tenant FROM domains WHERE authority = \(domain) FOR KEY SHARE", "find a domain",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.integer() }
  }
}

extension KeyRights {
  /// The same, with the domain by its one name; nil for what no domain is called.
  func named(by base: BaseURL) -> KeyRights? {
    guard let domain else { return self }
    guard let name = base.domain(named: domain) else { return nil }
    var rights = self
    rights.domain = name
    return rights
  }
}
