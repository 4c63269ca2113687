import EngineSupport
import Postgres

extension ScratchPostgres {
  /// Stores links of these names and ids.
  func plant(_ links: [String: Int64]) throws {
    let connection = try admin()
    for (name, id) in links {
      _ = try connection.executeOnce(
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        VALUES (\(id), \(name), 'https://example.org/')
        """, "plant", timeoutMilliseconds: 5000)
    }
  }
}
