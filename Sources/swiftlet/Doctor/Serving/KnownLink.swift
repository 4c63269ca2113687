import Postgres
import Service
import Sessions

/// A link of the default domain that every visitor may follow, to ask for.
///
/// It is asked for by HEAD, which counts no visit.
struct KnownLink {
  /// The link's name; nil when there is none, or PostgreSQL can't tell.
  let code: String?
  /// A name that no link has, another one each time: Redis remembers those that were asked for.
  var unknown: String { "doctor-" + String(UInt64.random(in: 0 ... .max), radix: 36) }

  /// Looks for one; nil settings mean that PostgreSQL can't tell.
  init(_ settings: Settings?) {
    guard let settings else {
      code = nil
      return
    }
    let session = Doctor.postgres(settings)
    let found = try? session.read("look for a link") { connection throws(PostgresError) in
      try connection.executeOnce(
        """
        SELECT coalesce(max(short_code), '') FROM (
          SELECT short_code FROM short_urls
          WHERE deleted_at IS NULL AND disabled_at IS NULL AND domain = '' AND rules IS NULL
            AND valid_since IS NULL AND valid_until IS NULL AND max_visits IS NULL
            AND short_code ~ '^[A-Za-z0-9_-]+$'
          ORDER BY created_at DESC, snowflake_id DESC LIMIT 1) newest
        """, "look for a link", timeoutMilliseconds: Doctor.postgresTimeout
      ).one { row throws(PostgresError) in try row.text() }
    }
    code = found.flatMap { $0.isEmpty ? nil : $0 }
  }
}
