package import Links
package import Postgres

/// Deletions of links.
extension ShortURLTable {
  /// Deletes a link; its row stays.
  ///
  /// - Returns: The link as it was; nil when there is none. A deleted one is deleted again.
  package mutating func delete(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    try change(
      key, where: isVisible, "deleted_at = coalesce(deleted_at, clock_timestamp())",
      "delete a short URL")?.link
  }
}
