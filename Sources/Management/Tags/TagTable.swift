import Access
package import Links
package import Postgres

/// The tables `tags` and `short_url_tags`, on one connection; `Units` lends it.
///
/// A tag belongs to a tenant. It may be deleted or renamed while a link gets it, so who gives a tag to
/// a link keeps its row from that until the unit ends.
package struct TagTable {
  let connection: Connection
  let caller: Caller
  /// Holds for the links that are there for the caller.
  let isThere: SQL
  /// The time for a list; nil for any time.
  let time: ListTime?
  let timeout: Int
  /// Whether anything was changed.
  var hasChanged = false

  init(
    _ connection: Connection, for caller: Caller, isThere: SQL, _ time: ListTime?,
    timeoutMilliseconds: Int
  ) {
    self.connection = connection
    self.caller = caller
    self.isThere = isThere
    self.time = time
    timeout = timeoutMilliseconds
  }

  /// The names of a link's tags in their order: a column beside those of `short_urls`, a `text[]`.
  package static let namesOfLink: SQL = """
    ARRAY(
      SELECT tags.name FROM short_url_tags JOIN tags ON tags.id = short_url_tags.tag
      WHERE short_url_tags.link = snowflake_id ORDER BY tags.name)
    """

  /// How often tags are looked for again that somebody deletes meanwhile.
  private static let attempts = 4

  /// Those of some names that a tag of the caller's tenant has.
  package func known(among names: [TagName]) throws(TableError) -> Set<String> {
    Set(
      try connection.execute(
        """
        SELECT name FROM tags WHERE tenant = \(caller.tenant) AND name = ANY(\(names.map(\.description)))
        """, "look for tags", timeoutMilliseconds: timeout
      ).map { row throws(PostgresError) in try row.text() })
  }

  /// Gives a link these tags and no others.
  ///
  /// Tags that its tenant doesn't have yet are made.
  ///
  /// - Parameters:
  ///   - names: The tags, in any order.
  ///   - link: A link that this unit has inserted, or whose row it has updated before.
  /// - Throws: `PostgresError`; `serializationFailure` when others keep deleting the tags.
  package mutating func set(
    _ names: [TagName], of link: SnowflakeID
  ) throws(PostgresError) {
    let tags = try names.isEmpty ? [] : ids(of: Set(names).sorted(), for: link)
    _ = try connection.execute(
      """
      WITH taken AS (
        DELETE FROM short_url_tags WHERE link = \(link.rawValue) AND tag <> ALL(\(tags))
      )
      INSERT INTO short_url_tags (link, tag) SELECT \(link.rawValue), unnest(\(tags))
      ON CONFLICT DO NOTHING
      """, "set the tags of a link", timeoutMilliseconds: timeout)
    hasChanged = true
  }

  /// The ids of tags, which nobody deletes or renames before the transaction ends.
  private func ids(
    of names: [TagName], for link: SnowflakeID
  ) throws(PostgresError) -> [Int64] {
    let texts = names.map(\.description)
    for _ in 0..<Self.attempts {
      // By id, so that two who lock the same rows don't wait for each other.
      let found = try connection.execute(
        """
        SELECT id FROM tags
        WHERE tenant = (SELECT tenant FROM short_urls WHERE snowflake_id = \(link.rawValue))
          AND name = ANY(\(texts))
        ORDER BY id FOR KEY SHARE
        """, "find tags", timeoutMilliseconds: timeout
      ).map { row throws(PostgresError) in try row.integer() }
      if found.count == names.count { return found }
      _ = try connection.execute(
        """
        INSERT INTO tags (tenant, name)
        SELECT short_urls.tenant, names.name
        FROM short_urls, unnest(\(texts)) WITH ORDINALITY AS names (name, number)
        WHERE snowflake_id = \(link.rawValue) ORDER BY names.number
        ON CONFLICT DO NOTHING
        """, "make tags", timeoutMilliseconds: timeout)
    }
    throw PostgresError(
      .serializationFailure, "tags are deleted while links get them", during: "find tags")
  }
}
