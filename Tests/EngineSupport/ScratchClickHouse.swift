package import ClickHouse
import Foundation
import Migrations
import TestSupport

/// A ClickHouse database of a test's own.
package final class ScratchClickHouse {
  package let client: Client
  /// Its CLICKHOUSE_URL.
  package let url: String
  private let server: Client
  private let name: String

  struct BadAddress: Error {
    let url: String
  }

  /// Makes an empty one.
  ///
  /// - Parameters:
  ///   - name: Its name; a random one when nil.
  ///   - url: The server; that of `CLICKHOUSE_URL` when nil.
  /// - Throws: When there is no server.
  package init(_ name: String? = nil, at url: String? = nil) throws {
    let url = try url ?? TestStack.value("CLICKHOUSE_URL")
    guard let address = ServerAddress(url: url) else { throw BadAddress(url: url) }
    let name = name ?? "test_\(UInt64.random(in: .min ... .max))"
    self.name = name
    self.url =
      "\(address.scheme)://\(address.user):\(address.password)@\(address.host):\(address.port)"
      + "/\(name)"
    server = try Client(address.with(database: "default"), timeout: 20_000)
    client = try Client(address.with(database: name), timeout: 20_000)
    try server.execute("CREATE DATABASE \(identifier: name)")
  }

  deinit {
    try? server.execute("DROP DATABASE IF EXISTS \(identifier: name)")
  }

  /// Applies the migrations that ship, of some numbers, but for those that an old server skips.
  package func migrate(above first: Int = 0, to last: Int = .max) throws {
    let directory = Repository.url("migrations/clickhouse")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    for name in names where name.hasSuffix(".sql") {
      guard let number = Int(name.prefix(4)), number > first, number <= last else { continue }
      let text = try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
      if text.contains("-- requires:") { continue }
      for statement in SQLScript.statements(in: text) {
        try client.execute(SQL(unsafe: statement))
      }
    }
  }
}
