import EngineSupport
import Foundation
import Links
import Management
import Metrics
import Service
import Sessions
import TestSupport
import XCTest

/// The way of a process to its ids, with a Redis that fails in every way and a PostgreSQL behind.
final class IDSourceTests: XCTestCase {
  private var redis: PrivateRedis?
  private var database: ScratchPostgres?

  override func setUpWithError() throws {
    redis = try PrivateRedis(["--appendonly", "yes"])
    database = try ScratchPostgres()
  }

  override func tearDown() {
    redis = nil
    database = nil
  }

  /// Steps of a source's wall clock, in milliseconds.
  private final class Steps {
    var offset: Int64 = 0
  }

  private func source(
    _ steps: Steps? = nil, term: Int = 2, meter: Meter = Meter()
  ) throws -> IDSource {
    let (redis, database) = (try XCTUnwrap(redis), try XCTUnwrap(database))
    let settings = try database.settings(["REDIS_URL": redis.url])
    let session = PostgresSession(settings, as: .owner, program: "test", log: .quiet)
    let links = ShortURLInsertion(session, settings)
    return IDSource(
      primary: RedisWorkerLeases(
        try RedisSession(settings, log: .quiet), latestTimestamp: links.latestTimestamp),
      fallback: PostgresWorkerLeases(session, timeoutMilliseconds: 1000),
      leaseSeconds: term, log: .quiet, meter: meter,
      clock: {
        var moment = IDSource.now()
        moment.wall += steps?.offset ?? 0
        return moment
      })
  }

  /// Takes an id; for a moment there may be none.
  private func id(_ source: IDSource) throws -> SnowflakeID {
    var id: SnowflakeID?
    XCTAssertTrue(
      eventually(seconds: 5) {
        id = try? source.next()
        return id != nil
      })
    return try XCTUnwrap(id)
  }

  func testANewRedisSettlesWhilePostgreSQLGivesTheNumberThenTakesOver() throws {
    let source = try source()
    XCTAssertNil(source.lease)
    XCTAssertGreaterThanOrEqual(try id(source).worker, 768)
    XCTAssertTrue(
      eventually(seconds: 6) {
        source.tick()
        return source.lease?.source == .primary
      })
    XCTAssertLessThan(try id(source).worker, 768)
    let leases = PostgresWorkerLeases(
      try XCTUnwrap(database).session(["PG_READ_TIMEOUT_MS": "5000"]), timeoutMilliseconds: 5000)
    XCTAssertTrue(try leases.holders().isEmpty, "the number of PostgreSQL was given back")
  }

  func testSourcesThatWorkAtOnceShareNoNumberAndMakeNoIDTwice() throws {
    try redis?.endGracePeriod()
    let sources = try (0..<8).map { _ in try source() }
    var made: Set<SnowflakeID> = []
    for round in 0..<5000 {
      XCTAssertTrue(made.insert(try id(sources[round % 8])).inserted)
    }
    XCTAssertEqual(Set(sources.compactMap { $0.lease?.number }).count, 8)
  }

  func testLeasesAreCountedByWhoGaveThemAndLossesAreNoReturns() throws {
    let path = "/tmp/swiftlet-test-\(UInt64.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let directory = MetricsDirectory(StateDirectory(path))
    func count(_ event: LeaseEvent) -> UInt64 {
      directory.totals().count(.leases(event, .redis), .api)
    }
    try redis?.endGracePeriod()
    let source = try source(meter: directory.take(.api))
    _ = try id(source)
    XCTAssertEqual(count(.grant), 1)
    XCTAssertEqual(directory.totals().gauge(.leases(.redis), .api), 1)
    XCTAssertEqual(directory.totals().gauge(.leases(.postgres), .api), 0)
    XCTAssertTrue(
      eventually(seconds: 10) {
        source.tick()
        return count(.renewal) > 0
      })
    source.release()
    XCTAssertEqual(directory.totals().gauge(.leases(.redis), .api), 0)
    XCTAssertEqual(count(.loss), 0, "it was given back")

    _ = try id(source)
    XCTAssertEqual(count(.grant), 2)
    try redis?.command("FLUSHALL")
    XCTAssertTrue(
      eventually(seconds: 10) {
        source.tick()
        return count(.loss) == 1
      })
    XCTAssertEqual(directory.totals().gauge(.leases(.redis), .api), 0)
    for _ in 0..<3 { source.tick() }
    XCTAssertEqual(count(.loss), 1, "once")
  }

  func testARedisThatDiesLeadsToPostgreSQLAndBack() throws {
    try redis?.endGracePeriod()
    let source = try source()
    var made: Set<SnowflakeID> = [try id(source)]
    XCTAssertEqual(source.lease?.source, .primary)
    redis?.kill()
    // The broken connection is seen at once; the lease is not trusted until confirmed.
    XCTAssertTrue(made.insert(try id(source)).inserted)
    XCTAssertEqual(source.lease?.source, .fallback)
    try redis?.start()
    XCTAssertTrue(
      eventually(seconds: 8) {
        source.tick()
        return source.lease?.source == .primary
      })
    for _ in 0..<100 { XCTAssertTrue(made.insert(try id(source)).inserted) }
  }

  func testARedisFlushedUnderItsHoldersLeadsToNoIDTwice() throws {
    try redis?.endGracePeriod()
    let steps = Steps()
    let (first, second) = (try source(steps), try source())
    var made: Set<SnowflakeID> = []
    func work() throws {
      for source in [first, second] {
        source.tick()
        XCTAssertTrue(made.insert(try id(source)).inserted)
      }
    }
    for _ in 0..<2 {
      for _ in 0..<100 { try work() }
      try redis?.command("FLUSHALL")
      steps.offset -= 60_000
      for _ in 0..<100 { try work() }
      XCTAssertTrue(
        try eventually(seconds: 20) {
          try work()
          return [first, second].allSatisfy { $0.lease?.source == .primary }
        })
    }
  }

  func testAClockThatStepsMakesNoIDTwiceAndStopsNothing() throws {
    try redis?.endGracePeriod()
    let steps = Steps()
    let source = try source(steps)
    var previous = try id(source)
    for step: Int64 in [-3_600_000, 3_600_000, 7_200_000, 0, -3, 86_400_000] {
      steps.offset = step
      for _ in 0..<5000 {
        let next = try source.next()
        XCTAssertLessThan(previous, next)
        previous = next
      }
    }
    // The number's next owner starts after all of that.
    let number = try XCTUnwrap(source.lease?.number)
    source.release()
    let leases = RedisWorkerLeases(
      try RedisSession(
        try XCTUnwrap(database).settings(["REDIS_URL": XCTUnwrap(redis).url]), log: .quiet),
      latestTimestamp: { -1 })
    for _ in 0..<768 {
      guard
        case .granted(let taken, let last, _) = try leases.acquire(
          owner: "next", term: 60_000, wall: 0)
      else { return XCTFail("no number") }
      if taken == number {
        XCTAssertEqual(last, previous.timestamp)
        return
      }
    }
    XCTFail("the number was not free")
  }

  func testAProcessThatSleptLongerThanItsTermStartsAnew() throws {
    try redis?.endGracePeriod()
    let source = try source()
    let before = try id(source)
    usleep(2_200_000)
    let after = try id(source)
    XCTAssertLessThan(before.timestamp, after.timestamp)
    XCTAssertNotEqual(before, after)
  }

  func testWithBothStoresGoneItSaysSoAndHardlyAsks() throws {
    let database = try XCTUnwrap(database)
    let stores = [try AbsentEngine(name: ".s.PGSQL.5432"), try AbsentEngine(name: "s")]
    let settings = try database.settings([
      "PG_DSN": "postgresql:///x?host=\(stores[0].directory)&user=x",
      "REDIS_URL": "unix://\(stores[1].path)",
    ])
    let source = IDSource(
      redis: try RedisSession(settings, log: .quiet),
      postgres: PostgresSession(settings, as: .owner, program: "test", log: .quiet), settings,
      log: .quiet)
    for _ in 0..<200 {
      XCTAssertThrowsError(try source.next()) { error in
        XCTAssertEqual((error as? StoreError)?.kind, .unavailable)
      }
    }
    for store in stores {
      let (tries, most) = store.tries(pausing: 100)
      XCTAssertTrue((1...most).contains(tries), "\(tries), at most \(most)")
    }
  }

  func testALinkIsCreatedUnderTheNextIDWhenOneIsTaken() throws {
    try redis?.endGracePeriod()
    let database = try XCTUnwrap(database)
    // Not the clock's doing: an id of the future stands in the table already.
    let steps = Steps()
    let source = try source(steps)
    let links = StoredLinks(try database.session(), try database.settings())
    let first = try id(source)
    steps.offset = -3_600_000
    let taken = SnowflakeID(rawValue: first.rawValue + 1)
    let destination = DestinationURL(unchecked: "http://e.org/")
    XCTAssertEqual(try links.insert(Link(id: taken, destination: destination)), .inserted)
    let link = try links.create(destination, ids: source)
    XCTAssertEqual(link.id.rawValue, first.rawValue + 2)
  }
}
