import Postgres
import Sessions

/// The links whose titles are wanted, in PostgreSQL.
struct TitleTable {
  /// A link whose title is wanted.
  struct Wanted: Equatable {
    let id: Int64
    let url: String
  }

  private static let countLimit = 10_000

  private let session: PostgresSession
  private let timeout: Int

  init(_ session: PostgresSession, timeoutMilliseconds: Int) {
    self.session = session
    timeout = timeoutMilliseconds
  }

  /// Some links whose titles are wanted: half of them the newest, half the oldest.
  ///
  /// So who makes a link now doesn't wait for a backlog, and no backlog waits for those who go on making
  /// links.
  func wanted(atMost count: Int) throws(StoreError) -> [Wanted] {
    try session.read("find links without a title") { connection throws(PostgresError) in
      try connection.execute(
        Self.wanted(atMost: count), "find links without a title", timeoutMilliseconds: timeout
      ).map { row throws(PostgresError) in
        Wanted(id: try row.integer(), url: try row.text())
      }
    }
  }

  static func wanted(atMost count: Int) -> SQL {
    """
    (SELECT snowflake_id, original_url FROM short_urls WHERE title_wanted
      ORDER BY snowflake_id DESC LIMIT \(count - count / 2))
    UNION
    (SELECT snowflake_id, original_url FROM short_urls WHERE title_wanted
      ORDER BY snowflake_id LIMIT \(count / 2))
    ORDER BY snowflake_id DESC
    """
  }

  /// How many links want a title; no more than `countLimit`.
  func count() throws(StoreError) -> Int {
    try session.read("count links without a title") { connection throws(PostgresError) in
      try connection.execute(
        """
        SELECT count(*) FROM
          (SELECT FROM short_urls WHERE title_wanted LIMIT \(Self.countLimit)) AS wanted
        """, "count links without a title", timeoutMilliseconds: timeout
      ).one { row throws(PostgresError) in Int(try row.integer()) }
    }
  }

  /// Notes what was read of where links lead; nil where there is no title.
  ///
  /// A title that somebody has set or cleared meanwhile stays, since it is wanted no more. A link that leads
  /// elsewhere by now is read again.
  func note(_ titles: [(link: Wanted, title: String?)]) throws(StoreError) {
    guard !titles.isEmpty else { return }
    try session.transaction("note titles") { connection throws(PostgresError) in
      _ = try connection.execute(
        Self.noting(titles), "note titles", timeoutMilliseconds: timeout)
    }
  }

  static func noting(_ titles: [(link: Wanted, title: String?)]) -> SQL {
    """
    UPDATE short_urls SET title = coalesce(nullif(read.title, ''), short_urls.title), title_wanted = false
    FROM unnest(\(titles.map(\.link.id)), \(titles.map(\.link.url)), \(titles.map { $0.title ?? "" }))
      AS read (id, url, title)
    WHERE snowflake_id = read.id AND title_wanted AND original_url = read.url
    """
  }
}
