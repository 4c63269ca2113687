import ClickHouse
import TestSupport
import XCTest

/// A database of its own for one test, on the server that `CLICKHOUSE_URL` names.
final class ScratchDatabase {
  let client: Client
  private let server: Client
  private let name = "test_\(UInt64.random(in: .min ... .max))"

  init() throws {
    let address = try XCTUnwrap(ServerAddress(url: TestStack.value("CLICKHOUSE_URL")))
    server = try Client(address.with(database: "default"), timeout: 10_000)
    client = try Client(address.with(database: name), timeout: 10_000)
    try server.execute("CREATE DATABASE \(identifier: name)")
  }

  deinit {
    try? server.execute("DROP DATABASE IF EXISTS \(identifier: name)")
  }
}
