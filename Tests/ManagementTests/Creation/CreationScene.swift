import API
import Access
import Destinations
import EngineSupport
import JSON
import Links
import Lookup
import Management
import Places
import Postgres
import Service
import Sessions
import Web
import XCTest

/// A database that links are made in.
final class CreationScene {
  let stores: ManagementStores
  private let database: ScratchPostgres?
  private let operation: CreateShortURL

  /// A new database unless one is given, and a direct connection unless one is given.
  convenience init(
    _ database: ScratchPostgres? = nil, through session: PostgresSession? = nil,
    _ defaults: CreationDefaults = CreationDefaults()
  ) throws {
    let database = try database ?? ScratchPostgres()
    try self.init(dsn: database.dsn, database, through: session, defaults)
  }

  /// The database of this DSN.
  init(
    dsn: String, _ database: ScratchPostgres? = nil, through session: PostgresSession? = nil,
    _ defaults: CreationDefaults = CreationDefaults()
  ) throws {
    self.database = database
    operation = CreateShortURL(try OwnHosts(["sho.rt"]))
    let settings = try ScratchPostgres.settings(
      dsn,
      [
        "BASE_URL": "https://sho.rt", "REDIS_URL": "unix:///nowhere",
        "PG_WRITE_TIMEOUT_MS": "40000", "PG_READ_TIMEOUT_MS": "20000",
      ])
    let direct = PostgresSession(settings, as: .owner, program: "test", log: .quiet)
    let redis = try RedisSession(settings, log: .quiet)
    stores = ManagementStores(
      creation: LinkCreation(
        ShortURLInsertion(session ?? direct, settings),
        ids: IDSource(redis: redis, postgres: direct, settings, log: .quiet),
        cache: LinkCache(redis, settings), defaults),
      units: Units(session ?? direct, redis, settings),
      places: PlaceFinder(settings, log: .quiet), baseURL: settings.baseURL)
  }

  /// The input of a body.
  func creation(_ body: String) throws -> ShortURLCreation {
    let members = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object)
    var reader = InputReader(path: [:], query: QueryString(), members: members, .lenient)
    let creation = operation.input(from: &reader)
    try reader.finish()
    return creation
  }

  /// Makes a link as the body of a request asks for.
  func make(_ body: String, for caller: Caller = .operator) throws -> ShortURL {
    try operation.perform(creation(body), for: caller, in: stores)
  }

  func texts(_ question: SQL) throws -> [String] {
    try XCTUnwrap(database).admin().executeOnce(question, "look", timeoutMilliseconds: 20_000)
      .map { row throws(PostgresError) in try row.text() }
  }
}

/// Callers with a key.
extension Caller {
  static func holder(
    _ id: Int, tenant: Int = 0, authoredOnly: Bool = false, domain: String? = nil,
    scopes: Set<Access.Scope> = []
  ) -> Caller {
    .key(
      Key(
        id: id, tenant: tenant,
        rights: KeyRights(isAuthoredOnly: authoredOnly, domain: domain, scopes: scopes)))
  }
}
