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

  /// From how many links one deletion takes tags at most.
  ///
  /// The worker's other requests wait for it, and so do links that get one of these tags.
  package static let limitOfDeletion = 20_000

  /// Deletes tags and takes them from their links; what isn't there is passed over.
  ///
  /// - Returns: Whether it is done. It isn't where too many links have the tags: then nothing is.
  package mutating func delete(_ names: [TagName]) throws(TableError) -> Bool {
    let operation = "delete tags"
    // From here on no link gets one of them.
    let tags = try connection.execute(
      """
      SELECT id FROM tags
      WHERE tenant = \(caller.tenant) AND name = ANY(\(names.map(\.description)))
      ORDER BY id FOR UPDATE
      """, operation, timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in try row.integer() }
    guard !tags.isEmpty else { return true }
    let links = try connection.execute(
      """
      SELECT count(*) FROM (
        SELECT FROM short_url_tags WHERE tag = ANY(\(tags)) LIMIT \(Self.limitOfDeletion + 1)
      ) AS counted
      """, operation, timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
    guard links <= Self.limitOfDeletion else { return false }
    _ = try connection.execute(
      "DELETE FROM tags WHERE id = ANY(\(tags))", operation, timeoutMilliseconds: timeout)
    hasChanged = true
    return true
  }

  /// Takes tags from some of their links, before they are deleted.
  ///
  /// - Returns: Whether there may be more of these links.
  package mutating func thin(_ names: [TagName]) throws(TableError) -> Bool {
    let taken = try connection.execute(
      """
      DELETE FROM short_url_tags WHERE (link, tag) IN (
        SELECT link, tag FROM short_url_tags WHERE tag IN (
          SELECT id FROM tags
          WHERE tenant = \(caller.tenant) AND name = ANY(\(names.map(\.description))))
        LIMIT \(Self.limitOfDeletion))
      """, "take tags from links", timeoutMilliseconds: timeout
    ).affected
    if taken > 0 { hasChanged = true }
    return taken == Self.limitOfDeletion
  }
}
