package import Links
package import Postgres
package import Service
package import Sessions

/// Reads links from PostgreSQL's table `short_urls` for look-ups.
package final class LinkStore {
  private let session: PostgresSession
  private let readTimeout: Int

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    readTimeout = settings.postgresReadTimeoutMilliseconds
  }

  /// The link of this name in any state, or `nil` if there is none.
  ///
  /// Of a name that was given again, it is the link that isn't deleted, or else the one deleted
  /// last. A row that `LinkRow` can't read counts as none.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func find(_ key: LinkKey) throws(StoreError) -> Link? {
    let operation = "find a link"
    return try session.read(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        Self.row(of: key), operation, timeoutMilliseconds: readTimeout)
      return try rows.first { row throws(PostgresError) in
        try LinkRow.link(named: key, &row)
      } ?? nil
    }
  }

  package static func row(of key: LinkKey) -> SQL {
    """
    SELECT \(LinkRow.columns) FROM short_urls
    WHERE short_code = \(key.slug.description) AND domain = \(key.domain)
    ORDER BY coalesce(deleted_at, 'infinity') DESC LIMIT 1
    """
  }

  /// Whether the name of a link was another's before, which was deleted.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func hasEarlierOwner(_ link: Link) throws(StoreError) -> Bool {
    let operation = "look for earlier links of a name"
    return try session.read(operation) { connection throws(PostgresError) in
      try connection.execute(
        """
        SELECT FROM short_urls
        WHERE short_code = \(link.key.slug.description) AND domain = \(link.key.domain)
          AND deleted_at IS NOT NULL AND snowflake_id <> \(link.id.rawValue) LIMIT 1
        """, operation, timeoutMilliseconds: readTimeout
      ).count > 0
    }
  }

  /// The link of the first of these names that has one, in a domain.
  package func find(firstOf slugs: [Slug], domain: String) throws(StoreError) -> Link? {
    for slug in slugs {
      if let link = try find(LinkKey(slug, domain: domain)) { return link }
    }
    return nil
  }

  /// All domains, the default one among them.
  ///
  /// A redirect that can't be a `Location` counts as none. A `read`: nothing changes when it runs
  /// twice.
  package func domains() throws(StoreError) -> DomainList {
    let operation = "list the domains"
    return try session.read(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        """
        SELECT authority, number, base_url_redirect, regular_404_redirect, invalid_short_url_redirect
        FROM domains ORDER BY number LIMIT \(DomainList.limit)
        """, operation, timeoutMilliseconds: readTimeout)
      return DomainList(
        try rows.map { row throws(PostgresError) in
          Domain(
            try row.text(), number: UInt32(clamping: try row.integer()),
            redirects: NotFoundRedirects(
              baseURL: try row.destination(), regular404: try row.destination(),
              invalidShortURL: try row.destination()))
        })
    }
  }

  /// Checks whether PostgreSQL answers.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func ping() throws(StoreError) {
    let operation = "ping"
    try session.read(operation) { connection throws(PostgresError) in
      _ = try connection.execute("SELECT 1", operation, timeoutMilliseconds: readTimeout)
    }
  }
}

extension RowReader {
  fileprivate mutating func destination() throws(PostgresError) -> DestinationURL? {
    try optionalText().flatMap { DestinationURL(stored: $0) }
  }
}
