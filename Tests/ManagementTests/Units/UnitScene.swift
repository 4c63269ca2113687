import API
import Access
import EngineSupport
import Foundation
import Links
import Management
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

/// One link in a database behind a proxy, and what became of units that changed it.
final class UnitScene {
  let postgres: ProxiedPostgres
  let admin: Postgres.Connection
  let units: Units
  let link = Link(
    id: SnowflakeID(rawValue: 1), destination: DestinationURL(unchecked: "http://e.org/"))
  /// How often a unit's body ran.
  private(set) var runs = 0

  /// The unit's statements have this time limit on the server, and a longer one on this side.
  ///
  /// Without `endsStatements` the server ends waits for locks alone, like one whose disk is slow.
  init(timeoutMilliseconds: Int = 40_000, endsStatements: Bool = true) throws {
    postgres = try ProxiedPostgres()
    admin = try postgres.database.admin()
    let options =
      endsStatements
      ? "" : "&options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D\(timeoutMilliseconds)"
    let settings = try postgres.database.settings([
      "PG_DSN": postgres.settings.postgresDSN(of: .owner) + options,
      "REDIS_URL": "unix:///nowhere",
      "PG_WRITE_TIMEOUT_MS": "\(timeoutMilliseconds)", "PG_READ_TIMEOUT_MS": "5000",
    ])
    let session = PostgresSession(settings, as: .owner, program: "test", log: .quiet)
    units = Units(session, try RedisSession(settings, log: .quiet), settings)
    let stored = StoredLinks(try postgres.database.session(), settings)
    XCTAssertEqual(try stored.insert(link), .inserted)
  }

  /// Disables the link by a unit; `before` and `after` run around the change, with the number of the run.
  func disable(
    before: (Int) -> Void = { _ in }, after: (Int) -> Void = { _ in }
  ) throws(ManagementFailure) -> ShortURL? {
    var edition = ShortURLEdition()
    edition.isEnabled = .set(false)
    return try units.perform("disable", for: .operator) { unit throws(TableError) in
      runs += 1
      before(runs)
      let edited = try unit.shortURLs.edit(link.key, edition)
      after(runs)
      return edited
    }
  }

  /// Whether the link is disabled, and how many rows there are in `outbox` and `units`.
  func stored() throws -> String {
    try admin.executeOnce(
      """
      SELECT concat(disabled_at IS NOT NULL, ' ', (SELECT count(*) FROM outbox), ' ',
        (SELECT count(*) FROM units)) FROM short_urls
      """, "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.text() }
  }

  /// Makes the first unit wait for advisory lock 4711 as long as need be, in one of the two places.
  func plantLingering(_ place: String) throws {
    try admin.executeScript(
      unsafe: """
        CREATE SEQUENCE seen;
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('seen') = 1 THEN
            PERFORM set_config('lock_timeout', '0', true);
            PERFORM pg_advisory_xact_lock(4711);
          END IF;
          RETURN NEW;
        END $$;
        CREATE \(place) FOR EACH ROW EXECUTE FUNCTION linger();
        """, "plant", timeoutMilliseconds: 20_000)
  }

  static let whileEntering = "TRIGGER linger AFTER INSERT ON units"
  static let atCommit =
    "CONSTRAINT TRIGGER linger AFTER INSERT ON units DEFERRABLE INITIALLY DEFERRED"

  /// Runs `disable`, and does `harm` once the unit waits for lock 4711 (`AdvisoryLock.held`).
  func disable(
    harm: @escaping @Sendable (AdvisoryLock, FaultProxy) -> Void
  ) throws -> Result<ShortURL?, ManagementFailure> {
    let proxy = postgres.proxy
    return try AdvisoryLock.held(
      on: postgres.database.dsn, untilWaitedFor: { lock in harm(lock, proxy) },
      running: { Result { () throws(ManagementFailure) in try disable() } })
  }
}
