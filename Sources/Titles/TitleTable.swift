import Postgres
import Sessions

/// The links whose titles are wanted, in PostgreSQL.
struct TitleTable {
  /// A link whose title is wanted.
  struct Wanted: Equatable {
    let id: Int64
    let url: String
  }

  private let session: PostgresSession
  private let timeout: Int

  init(_ session: PostgresSession, timeoutMilliseconds: Int) {
    self.session = session
    timeout = timeoutMilliseconds
  }

  /// Some links whose titles are wanted, the newest first: who makes one now doesn't wait for a backlog.
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
    SELECT snowflake_id, original_url FROM short_urls WHERE title_wanted
    ORDER BY snowflake_id DESC LIMIT \(count)
    """
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
