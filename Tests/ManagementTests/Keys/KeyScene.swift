import API
import Access
import EngineSupport
import Lookup
import Management
import Places
import Postgres
import Service
import Sessions
import XCTest

/// The operations on keys and tenants, in a database of their own.
final class KeyScene {
  let database = try? ScratchPostgres()
  let admin: Postgres.Connection
  let settings: Settings
  let stores: ManagementStores

  init() throws {
    let database = try XCTUnwrap(database)
    admin = try database.admin()
    settings = try database.settings([
      "REDIS_URL": "unix:///nowhere", "PG_WRITE_TIMEOUT_MS": "60000",
    ])
    stores = try Self.stores(settings)
  }

  /// Stores with connections of their own.
  static func stores(_ settings: Settings) throws -> ManagementStores {
    let postgres = PostgresSession(settings, as: .owner, program: "test", log: .quiet)
    let redis = try RedisSession(settings, log: .quiet)
    return ManagementStores(
      creation: LinkCreation(
        ShortURLInsertion(postgres, settings),
        ids: IDSource(redis: redis, postgres: postgres, settings, log: .quiet),
        cache: LinkCache(redis, settings)),
      units: Units(postgres, redis, settings),
      places: PlaceFinder(settings, log: .quiet), baseURL: settings.baseURL)
  }

  /// Makes a key, and gives whom its holder is.
  func make(
    _ name: String, _ rights: KeyRights = KeyRights(), for caller: Caller = .operator
  ) throws -> (key: APIKey, caller: Caller, secret: KeySecret) {
    let issued = try CreateKey().perform(
      KeyCreation(name: name, rights: rights), for: caller, in: stores)
    let key = Key(id: issued.key.id, tenant: caller.tenant, rights: rights)
    return (issued.key, .key(key), issued.secret)
  }

  func tenant(_ name: String) throws -> Caller {
    .operatorOf(tenant: try CreateTenant().perform(name, for: .operator, in: stores).id)
  }

  func edit(
    _ id: Int, for caller: Caller = .operator, _ change: (inout KeyEdition) -> Void
  ) throws -> APIKey {
    var edition = KeyEdition()
    change(&edition)
    return try EditKey().perform(.init(id, edition), for: caller, in: stores)
  }

  func names(for caller: Caller = .operator) throws -> [String] {
    try ListKeys().perform(.init(size: 1000), for: caller, in: stores).keys.map(\.name)
  }

  /// The failure of an operation on keys.
  func failure<Value>(
    line: UInt = #line, _ body: () throws -> Value
  ) -> KeyFailure? {
    do {
      XCTFail("done: \(try body())", line: line)
      return nil
    } catch ManagementFailure.key(let failure) {
      return failure
    } catch {
      XCTFail("\(error)", line: line)
      return nil
    }
  }

  func ask(_ statement: SQL) throws -> String {
    try admin.executeOnce(statement, "ask", timeoutMilliseconds: 20_000).one {
      row throws(PostgresError) in try row.text()
    }
  }
}
