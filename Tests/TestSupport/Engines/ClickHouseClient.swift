import Foundation

/// A query to the stack's ClickHouse, to look behind what the service says.
package enum ClickHouseClient {
  /// The answer in TabSeparated; of another stack's ClickHouse when its `CLICKHOUSE_URL` is given.
  package static func query(_ sql: String, at url: String? = nil) throws -> String {
    let parts = try Address(url ?? TestStack.value("CLICKHOUSE_URL"))
    return try Command.output(
      "/usr/bin/curl", ["-sS", "\(parts.server)/?database=\(parts.database)", "--data-binary", sql])
  }

  /// A statement from a file, which may be long, with its data behind it.
  package static func send(file: String, to url: String) throws -> String {
    let parts = try Address(url)
    return try Command.output(
      "/usr/bin/curl",
      ["-sS", "\(parts.server)/?database=\(parts.database)", "--data-binary", "@" + file])
  }

  /// Drops a stack's whole database.
  ///
  /// - Returns: Nil once that is done, else what the server says; 18.16 was seen to wait for itself,
  ///   until its next start.
  package static func dropDatabase(at url: String) throws -> String? {
    let parts = try Address(url)
    let answer = try Command.output(
      "/usr/bin/curl",
      [
        "-sS", "--max-time", "30", "\(parts.server)/?database=system", "--data-binary",
        "DROP DATABASE IF EXISTS \(parts.database)",
      ])
    return answer.isEmpty ? nil : answer
  }

  private struct Address {
    let server: String
    let database: String

    init(_ url: String) throws {
      guard let slash = url.lastIndex(of: "/") else { throw TestStack.Missing(name: url) }
      server = String(url[..<slash])
      database = String(url[url.index(after: slash)...])
    }
  }
}
