import Access
import Postgres
import Service

/// The domains of roles.
extension KeyTable {
  /// Makes the domain of a role where there is none yet, and sees to it that it is the tenant's.
  func domainFailure(_ rights: KeyRights) throws(TableError) -> KeyFailure? {
    guard let domain = rights.domain, !domain.isEmpty else { return nil }
    _ = try connection.execute(
      """
      INSERT INTO domains (authority, tenant) VALUES (\(domain), \(caller.tenant))
      ON CONFLICT DO NOTHING
      """, "make a domain", timeoutMilliseconds: timeout)
    let owner = try connection.execute(
      "SELECT tenant FROM domains WHERE authority = \(domain)", "find a domain",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.integer() }
    return owner == Int64(caller.tenant) ? nil : .domainOfOthers(domain)
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
