package import API
import Postgres

/// The table `tenants`, on one connection; `Units` lends it to those who may manage all of them.
package struct TenantTable {
  let connection: Connection
  let timeout: Int
  /// Whether anything was changed.
  private(set) var hasChanged = false

  init(_ connection: Connection, timeoutMilliseconds: Int) {
    self.connection = connection
    timeout = timeoutMilliseconds
  }

  /// What tells the list of tenants from all others.
  static let list = Array("tenants".utf8)

  private static func tenant(_ row: inout RowReader) throws(PostgresError) -> Tenant {
    Tenant(id: Int(try row.integer()), name: try row.text(), createdAt: try row.milliseconds())
  }

  /// The tenant with a name; nil when there is none.
  package func find(named name: String) throws(TableError) -> Tenant? {
    try connection.execute(
      "SELECT id, name, created_at FROM tenants WHERE name = \(name)", "find a tenant",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.tenant(&row) }
  }

  /// One page, the oldest first, and how many there are.
  package func list(_ page: Page) throws(TableError) -> TenantList {
    // Tenant 0 is the first.
    let last = page.cursor?.id ?? -1
    let found = try connection.executeOnce(
      """
      SELECT id, name, created_at FROM tenants WHERE id > \(last)
      ORDER BY id LIMIT \(page.size + 1) OFFSET \(page.offset)
      """, "list tenants", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in try Self.tenant(&row) }
    let total = try connection.executeOnce(
      "SELECT count(*) FROM (SELECT 1 FROM tenants LIMIT \(Pagination.countLimit)) AS counted",
      "count tenants", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
    let shown = Array(found.prefix(page.size))
    let end = found.count > shown.count ? shown.last : nil
    let next = end.map { tenant in
      Cursor(
        key: .number(Int64(tenant.id)), id: Int64(tenant.id), passed: page.passed + shown.count)
    }
    return TenantList(
      tenants: shown,
      pagination: Pagination(
        page, count: shown.count, total: Int(total), nextCursor: next?.text(of: Self.list)))
  }

  /// Makes a tenant.
  package mutating func create(
    named name: String
  ) throws(TableError) -> Result<Tenant, TenantFailure> {
    let made = try connection.execute(
      """
      INSERT INTO tenants (name) VALUES (\(name)) ON CONFLICT DO NOTHING
      RETURNING id, name, created_at
      """, "make a tenant", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.tenant(&row) }
    guard let made else { return .failure(.nameTaken(name)) }
    hasChanged = true
    return .success(made)
  }

  /// Deletes a tenant that has nothing; tags that no link has go with it.
  package mutating func delete(
    named name: String
  ) throws(TableError) -> Result<Tenant, TenantFailure> {
    // Who makes a key, a domain or a tag of a tenant keeps its row. So what others make is there by now, or
    // is made when the tenant is gone, which fails (`tenantGone`).
    let found = try connection.execute(
      "SELECT id, name, created_at FROM tenants WHERE name = \(name) FOR UPDATE", "lock a tenant",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.tenant(&row) }
    guard let tenant = found else { return .failure(.notFound(name)) }
    let isInUse = try connection.execute(
      """
      SELECT \(tenant.id) = 0
        OR EXISTS (SELECT 1 FROM api_keys WHERE tenant = \(tenant.id))
        OR EXISTS (SELECT 1 FROM domains WHERE tenant = \(tenant.id))
        OR EXISTS (
          SELECT 1 FROM short_urls
          WHERE tenant = \(tenant.id) AND tenant <> 0 AND deleted_at IS NULL)
      """, "look what a tenant has", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.bool() }
    guard !isInUse else { return .failure(.inUse(name)) }
    _ = try connection.execute(
      "DELETE FROM tags WHERE tenant = \(tenant.id)", "delete a tenant's tags",
      timeoutMilliseconds: timeout)
    _ = try connection.execute(
      "DELETE FROM tenants WHERE id = \(tenant.id)", "delete a tenant",
      timeoutMilliseconds: timeout)
    hasChanged = true
    return .success(tenant)
  }
}

extension Result where Failure == TenantFailure {
  /// The success, or the failure as one of the operations on links and what belongs to them.
  func orThrow() throws(ManagementFailure) -> Success {
    switch self {
    case .success(let success): return success
    case .failure(let failure): throw .tenant(failure)
    }
  }
}
