import Access
import Postgres

/// Changes of the tags of the caller's tenant.
extension TagTable {
  package enum Renaming: Sendable {
    case renamed
    /// There is no such tag.
    case notFound
    /// Another tag has the name.
    case taken
  }

  /// Gives a tag another name; all links keep it.
  package mutating func rename(
    _ name: TagName, to newName: TagName
  ) throws(TableError) -> Renaming {
    let operation = "rename a tag"
    let tag = try connection.execute(
      """
      SELECT id FROM tags WHERE tenant = \(caller.tenant) AND name = \(name.description) FOR UPDATE
      """, operation, timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.integer() }
    guard let tag else { return .notFound }
    guard name != newName else { return .renamed }
    // A unit that makes a tag of the new name at the same time waits for this row, or this unit for its row.
    let place = try connection.execute(
      """
      INSERT INTO tags (tenant, name) VALUES (\(caller.tenant), \(newName.description))
      ON CONFLICT DO NOTHING RETURNING id
      """, operation, timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.integer() }
    guard let place else { return .taken }
    _ = try connection.execute(
      "DELETE FROM tags WHERE id = \(place)", operation, timeoutMilliseconds: timeout)
    _ = try connection.execute(
      "UPDATE tags SET name = \(newName.description) WHERE id = \(tag)", operation,
      timeoutMilliseconds: timeout)
    hasChanged = true
    return .renamed
  }

  /// Deletes tags and takes them from their links; what isn't there is passed over.
  package mutating func delete(_ names: [TagName]) throws(TableError) {
    let deleted = try connection.execute(
      """
      WITH found AS (
        SELECT id FROM tags
        WHERE tenant = \(caller.tenant) AND name = ANY(\(names.map(\.description)))
        ORDER BY id FOR UPDATE
      )
      DELETE FROM tags WHERE id IN (SELECT id FROM found)
      """, "delete tags", timeoutMilliseconds: timeout
    ).affected
    if deleted > 0 { hasChanged = true }
  }
}
