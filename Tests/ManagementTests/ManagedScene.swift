import API
import Access
import EngineSupport
import JSON
import Lookup
import Management
import Places
import Postgres
import Service
import Sessions
import Web

/// A database, and operations that are performed on it as a request asks for them.
final class ManagedScene {
  let database: ScratchPostgres
  let stores: ManagementStores

  init(_ others: [String: String] = [:]) throws {
    database = try ScratchPostgres()
    let settings = try database.settings(
      [
        "BASE_URL": "https://s.test", "REDIS_URL": "unix:///nowhere",
        "PG_WRITE_TIMEOUT_MS": "20000",
        "PG_LIST_TIMEOUT_MS": "20000",
      ].merging(others) { _, other in other })
    stores = try Self.stores(settings)
  }

  /// What operations work on, on sessions of their own.
  static func stores(_ settings: Settings) throws -> ManagementStores {
    let postgres = PostgresSession(settings, as: .owner, program: "test", log: .quiet)
    let redis = try RedisSession(settings, log: .quiet)
    let cache = LinkCache(redis, settings)
    return ManagementStores(
      creation: LinkCreation(
        ShortURLInsertion(postgres, settings),
        ids: IDSource(redis: redis, postgres: postgres, settings, log: .quiet),
        cache: cache),
      units: Units(postgres, redis, settings),
      places: PlaceFinder(settings, log: .quiet), baseURL: settings.baseURL,
      ownDomains: OwnDomains(cache, LinkStore(postgres, settings)))
  }

  func run(_ statement: SQL) throws {
    _ = try database.admin().executeOnce(statement, "prepare", timeoutMilliseconds: 20_000)
  }

  func count(_ table: SQL) throws -> Int64 {
    try database.admin().executeOnce(
      "SELECT count(*) FROM \(table)", "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  func perform<Performed: API.Operation<ManagementStores>>(
    _ operation: Performed, _ query: String = "", body: [String: JSONValue] = [:],
    for caller: Caller
  ) throws -> Performed.Output {
    var query = query
    let members = JSONObject(body.map { JSONObject.Member($0.key, $0.value) })
    var reader = query.withUTF8 {
      InputReader(path: [:], query: QueryString($0), members: members, Performed.body)
    }
    let input = operation.input(from: &reader)
    try reader.finish()
    return try operation.perform(input, for: caller, in: stores)
  }
}
