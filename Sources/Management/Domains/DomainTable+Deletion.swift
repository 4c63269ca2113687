import Access
import Postgres

/// Deletions of the domains of the caller's tenant.
extension DomainTable {
  enum Deletion {
    case deleted
    case notFound
    /// A link or a key needs the domain.
    case inUse
  }

  /// Deletes a domain that nothing needs, with its redirects; its number is never given again.
  mutating func delete(_ domain: String) throws(TableError) -> Deletion {
    let operation = "delete a domain"
    // Who makes a link or a key in the domain keeps its row (`claim`). So what others make is there by now,
    // or its domain is made anew.
    let found = try connection.execute(
      """
      SELECT number FROM domains
      WHERE authority = \(domain) AND tenant = \(caller.tenant) AND number <> 0 FOR UPDATE
      """, operation, timeoutMilliseconds: timeout
    ).count
    guard found > 0 else { return .notFound }
    let deleted = try connection.execute(
      """
      DELETE FROM domains WHERE authority = \(domain)
        AND NOT EXISTS (SELECT FROM api_keys WHERE domain = \(domain))
        AND NOT EXISTS (
          SELECT FROM short_urls
          WHERE domain = \(domain) AND domain <> '' AND deleted_at IS NULL)
      """, operation, timeoutMilliseconds: timeout
    ).affected
    guard deleted > 0 else { return .inUse }
    hasChanged = true
    return .deleted
  }
}
