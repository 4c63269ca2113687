import EngineSupport
import Foundation
import TestSupport

/// An installation of a test's own, with the stack's files of the dashboard.
///
/// Nobody else has anything in its databases. Its pools are those of the API and of numbers; a proxy stands before
/// its ClickHouse.
final class OwnSite {
  let baseURL: String
  /// A key with all rights.
  let key: String
  /// Where its ClickHouse is, without the proxy.
  let clickHouse: String
  let proxy: FaultProxy
  private let links: ScratchPostgres
  private let clicks: ScratchClickHouse
  private let redis: PrivateRedis
  private let pools: [(WorkerPool, ChildProcess)]
  private let sockets: ScratchDirectory
  private let nginx: OwnNginx

  /// - Parameter others: Laid over the variables of its pools.
  /// - Throws: When an engine or a program doesn't start.
  init(_ others: [String: String] = [:]) throws {
    links = try ScratchPostgres()
    redis = try PrivateRedis()
    clicks = try ScratchClickHouse()
    try clicks.migrate()
    clickHouse = clicks.url
    guard var address = URLComponents(string: clickHouse), let engine = address.port else {
      throw StoredClicks.Refused(description: clickHouse)
    }
    proxy = try FaultProxy(to: UInt16(engine))
    address.port = Int(proxy.port)
    let port = try Socket.freePort()
    baseURL = "http://127.0.0.1:\(port)"
    let variables = [
      "PG_DSN": links.dsn, "REDIS_URL": redis.url, "CLICKHOUSE_URL": address.string ?? "",
      "BASE_URL": baseURL,
    ].merging(others) { _, own in own }
    sockets = try ScratchDirectory("sockets")
    var pools: [(WorkerPool, ChildProcess)] = []
    for (program, name) in [("api", "shortener-api.sock"), ("analytics", "analytics.sock")] {
      let pool = try WorkerPool(program, variables)
      pools.append((pool, try pool.start()))
      try FileManager.default.createSymbolicLink(
        atPath: sockets(name), withDestinationPath: pool.socket)
    }
    self.pools = pools
    let limits = ["LIMIT_REST", "LIMIT_HEALTH", "LIMIT_CONNECTIONS"].map { ($0, "0") }
    nginx = try OwnNginx(
      at: "127.0.0.1:\(port)",
      [
        "SWIFTLET_RUN": sockets.path, "BASE_URL": baseURL,
        "SITE_DASHBOARD": TestStack.value("VAR") + "/dashboard",
      ].merging(limits) { _, limit in limit })
    key = try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["key", "create", "owner"],
      environment: pools[0].0.environment()
    ).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
