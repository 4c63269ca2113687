import Access
import Postgres

/// Who has a key: the key, and whose it is.
package struct KeyHolder: Equatable, Sendable {
  package let key: APIKey
  let tenant: Int
  package let tenantName: String

  static let sample = KeyHolder(key: .sample, tenant: 0, tenantName: "default")

  /// The holder as a caller.
  var caller: Caller { .key(Key(id: key.id, tenant: tenant, rights: key.rights)) }

  /// Who has the key with an id; nil when there is none.
  static func find(
    _ id: Int, _ connection: Connection, timeoutMilliseconds timeout: Int
  ) throws(TableError) -> KeyHolder? {
    try connection.execute(
      """
      SELECT tenant, (SELECT t.name FROM tenants AS t WHERE t.id = tenant), \(KeyTable.columns)
      FROM api_keys WHERE id = \(id)
      """, "find an API key", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in
      let (tenant, name) = (Int(try row.integer()), try row.text())
      return KeyHolder(key: try KeyTable.key(&row), tenant: tenant, tenantName: name)
    }
  }
}
