import Access
package import Links
package import Postgres
import Service

/// The table `short_urls` as far as one caller can see it, on one connection.
///
/// `Units` lends it: for reading, and within a unit also for changing. Each change adds its row to
/// `outbox` by the same statement, so the dispatcher knows every change. A change that changes
/// nothing also gets a row, and is announced again.
package struct ShortURLTable {
  let connection: Connection
  /// Holds for the rows that the caller can see.
  let isVisible: SQL
  /// The key that makes the changes; nil for none.
  let author: Int?
  let base: BaseURL
  /// The time for a list; nil for any time.
  let time: ListTime?
  let timeout: Int
  /// The names of the links that were changed.
  private(set) var changed: [LinkKey] = []

  init(
    _ connection: Connection, for caller: Caller, base: BaseURL, _ time: ListTime?,
    timeoutMilliseconds: Int
  ) {
    self.connection = connection
    // In parentheses, so that an OR in it stays its own.
    isVisible = .all([Visibility(of: caller).condition])
    author = caller.author
    self.base = base
    self.time = time
    timeout = timeoutMilliseconds
  }

  /// Holds for the links that are there for the caller: visible, and not deleted.
  var isThere: SQL { .all([isVisible, "deleted_at IS NULL"]) }

  /// Holds for the links of a name: one that isn't deleted, and any number of deleted ones.
  static func isNamed(_ key: LinkKey) -> SQL {
    "short_code = \(key.slug.description) AND domain = \(key.domain)"
  }

  // MARK: Read

  /// The link of this name; nil when there is none, or only deleted ones.
  package func find(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    try connection.execute(
      "SELECT \(Self.columns) FROM short_urls WHERE \(Self.isNamed(key)) AND \(isThere)",
      "find a short URL", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
  }

  /// The same; nobody else changes the link before this transaction ends.
  package func findForChange(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    // What a statement reads beside the row that it waits for may be older than that.
    try validity(of: key) == nil ? nil : find(key)
  }

  /// The refusal of a change that is meant for another state of a link; nobody else changes the link then.
  ///
  /// - Parameters:
  ///   - key: The link's name.
  ///   - revision: The state that is meant; nil for any.
  /// - Returns: Nil for no refusal.
  /// - Throws: When PostgreSQL fails.
  func conflict(
    of key: LinkKey, with revision: String?
  ) throws(PostgresError) -> ManagementFailure? {
    guard let revision, let present = try findForChange(key), present.revision != revision else {
      return nil
    }
    return .changedMeanwhile(present)
  }

  /// The names among these that links have, each with whether all of its links are deleted.
  package func names(
    among slugs: [Slug], domain: String = ""
  ) throws(PostgresError) -> [Slug: Bool] {
    let rows = try connection.execute(
      """
      SELECT short_code, bool_and(deleted_at IS NOT NULL) FROM short_urls
      WHERE short_code = ANY(\(slugs.map(\.description))) AND domain = \(domain) AND \(isVisible)
      GROUP BY short_code
      """, "look for names", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in (try row.text(), try row.bool()) }
    let areDeleted = Dictionary(rows) { first, _ in first }
    return Dictionary(
      slugs.compactMap { slug in areDeleted[slug.description].map { (slug, $0) } }
    ) { first, _ in first }
  }

  // MARK: Change

  /// Changes a link, keeps its old revision where it leads elsewhere now, and adds its row to `outbox`.
  ///
  /// Of several links of one name it is the one that isn't deleted, else the one that was deleted last.
  ///
  /// - Parameters:
  ///   - key: The link's name.
  ///   - condition: What has to hold for the link.
  ///   - assignments: The columns that it sets, other than the next two.
  ///   - destination: Where the link leads from now on.
  ///   - rules: Its redirect rules from now on.
  ///   - operation: Its name.
  /// - Returns: The link; nil when there is none.
  /// - Throws: When PostgreSQL fails.
  mutating func change(
    _ key: LinkKey, where condition: SQL, _ assignments: SQL, destination: SQL = "original_url",
    rules: SQL = "rules", _ operation: String
  ) throws(PostgresError) -> ShortURL? {
    let answer = try connection.execute(
      """
      WITH found AS (
        SELECT snowflake_id AS id, original_url AS old_url, rules AS old_rules,
          revision AS old_revision
        FROM short_urls WHERE \(Self.isNamed(key)) AND \(condition)
        ORDER BY deleted_at DESC NULLS FIRST LIMIT 1 FOR UPDATE
      ), changed AS (
        UPDATE short_urls SET \(assignments), original_url = \(destination), rules = \(rules),
          revision = revision + CASE
            WHEN ROW(original_url, rules) IS DISTINCT FROM ROW(\(destination), \(rules)) THEN 1
            ELSE 0 END
        FROM found WHERE snowflake_id = id RETURNING short_urls.*
      ), kept AS (
        INSERT INTO short_url_revisions (link, number, original_url, rules, ended_by)
        SELECT id, old_revision, old_url, old_rules, \(author)
        FROM found JOIN changed ON snowflake_id = id WHERE revision > old_revision
      ), announced AS (
        INSERT INTO outbox (link, domain, slug) SELECT snowflake_id, domain, short_code FROM changed
      )
      SELECT \(Self.columns) FROM changed
      """, operation, timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
    if answer != nil { noteChange(of: key) }
    return answer
  }

  /// Notes a name that is to be announced after the commit.
  mutating func noteChange(of key: LinkKey) { changed.append(key) }
}
