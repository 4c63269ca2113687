import EngineSupport
import Postgres
import Sessions
import TestSupport
import XCTest

/// A read may run twice; a change runs once, and is settled where its owner says how.
final class PostgresSessionTests: XCTestCase {
  private let patient = ["PG_READ_TIMEOUT_MS": "5000"]

  private func number(_ connection: Postgres.Connection) throws(PostgresError) -> Int64 {
    try connection.execute(
      "SELECT pg_backend_pid()", "test", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  /// A table of the test's own in a database of its own.
  private func database() throws -> ScratchPostgres {
    let database = try ScratchPostgres()
    try database.admin().executeScript(
      unsafe: "CREATE TABLE marks (n int8)", "create", timeoutMilliseconds: 20_000)
    return database
  }

  private func mark(_ number: Int, _ connection: Postgres.Connection) throws(PostgresError) {
    _ = try connection.execute(
      "INSERT INTO marks VALUES (\(number))", "mark", timeoutMilliseconds: 20_000)
  }

  private func marks(_ database: ScratchPostgres) throws -> [Int64] {
    try database.admin().executeOnce(
      "SELECT n FROM marks ORDER BY n", "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in try row.integer() }
  }

  /// Ends the server's process of a connection, and waits until it has gone.
  private func end(_ connection: Postgres.Connection, _ database: ScratchPostgres) {
    XCTAssertNoThrow(
      try database.admin().executeOnce(
        "SELECT pg_terminate_backend(\(connection.backendPID)::int4)", "end",
        timeoutMilliseconds: 20_000
      ).count)
    XCTAssertTrue(eventually(seconds: 20) { !connection.isUsable })
  }

  func testAReadWhoseConnectionIsLostRunsOnceMoreOnANewOne() throws {
    let database = try database()
    let session = try database.session(patient)
    let first = try session.read("test", number)
    var runs: [Int] = []
    let second = try session.read("test") { connection throws(PostgresError) in
      runs.append(connection.backendPID)
      if runs.count == 1 { end(connection, database) }
      return try number(connection)
    }
    XCTAssertEqual(runs, [Int(first), Int(second)])
    XCTAssertNotEqual(first, second)
  }

  func testAReadThatLosesTwoConnectionsFails() throws {
    let database = try database()
    let session = try database.session(patient)
    _ = try session.read("test", number)
    var runs = 0
    let error = try assertThrows(StoreError.self) {
      _ = try session.read("test") { connection throws(PostgresError) in
        runs += 1
        end(connection, database)
        return try number(connection)
      }
    }
    XCTAssertEqual(runs, 2)
    XCTAssertEqual(error.kind, .unavailable)
  }

  func testAChangeWhoseConnectionIsLostIsNotMadeAgain() throws {
    let database = try database()
    let session = try database.session(patient)
    _ = try session.read("test", number)
    var runs = 0
    let error = try assertThrows(StoreError.self) {
      try session.transaction("test") { connection throws(PostgresError) in
        runs += 1
        try mark(1, connection)
        end(connection, database)
        try mark(2, connection)
      }
    }
    XCTAssertEqual(runs, 1)
    XCTAssertEqual(error.kind, .unavailable)
    XCTAssertEqual(try marks(database), [1])
    XCTAssertTrue(eventually(seconds: 20) { (try? session.read("test", number)) != nil })
  }

  func testALossIsSettledOnANewConnectionByWhatTheCallerSays() throws {
    let database = try database()
    let session = try database.session(patient)
    let first = try session.read("test", number)
    let settled = try session.transaction("test") { connection throws(PostgresError) -> Int64 in
      try mark(1, connection)
      end(connection, database)
      return try number(connection)
    } settle: { connection throws(PostgresError) in
      try mark(2, connection)
      return try number(connection)
    }
    XCTAssertNotEqual(settled, first)
    XCTAssertEqual(try marks(database), [1, 2])
  }

  func testNothingIsSettledWithoutALoss() throws {
    let database = try database()
    let session = try database.session(patient)
    for failing in [false, true] {
      let kind = Result { () throws(StoreError) in
        try session.transaction("test") { connection throws(PostgresError) in
          try mark(1, connection)
          if failing { throw PostgresError(.uniqueViolation, "", during: "test") }
        } settle: { _ throws(PostgresError) in
          XCTFail("nothing was lost")
        }
      }
      if case .failure(let error) = kind { XCTAssertEqual(error.kind, .rejected) }
    }
    XCTAssertEqual(try marks(database), [1, 1])
  }

  /// The server ended it between two calls: nothing of the second had been sent.
  func testAConnectionThatWasEndedBeforeAChangeCostsNothing() throws {
    let database = try database()
    let session = try database.session(patient)
    var current: Postgres.Connection?
    _ = try session.read("test") { connection throws(PostgresError) in current = connection }
    end(try XCTUnwrap(current), database)
    var runs = 0
    try session.transaction("test") { connection throws(PostgresError) in
      runs += 1
      try mark(1, connection)
    }
    XCTAssertEqual(runs, 1)
    XCTAssertEqual(try marks(database), [1])
  }

  func testAnErrorInATransactionLeavesNothingAndTheConnectionIsKept() throws {
    let database = try database()
    let session = try database.session(patient)
    let first = try session.read("test", number)
    let error = try assertThrows(StoreError.self) {
      try session.transaction("test") { connection throws(PostgresError) in
        try connection.transaction("test", timeoutMilliseconds: 20_000) {
          () throws(PostgresError) in
          try mark(1, connection)
          _ = try connection.execute("SELECT 1/\(0)", "test", timeoutMilliseconds: 20_000)
        }
      }
    }
    XCTAssertEqual(error.kind, .rejected)
    XCTAssertEqual(try session.read("test", number), first)
    XCTAssertEqual(try marks(database), [])
  }

  func testATransactionThatIsLeftOpenTakesInNothingThatComesAfterIt() throws {
    let database = try database()
    let session = try database.session(patient)
    for failing in [false, true] {
      let left = Result { () throws(StoreError) in
        try session.transaction("test") { connection throws(PostgresError) in
          try connection.executeScript(unsafe: "BEGIN", "test", timeoutMilliseconds: 20_000)
          try mark(1, connection)
          if failing { throw PostgresError(.uniqueViolation, "", during: "test") }
        }
      }
      if failing { XCTAssertThrowsError(try left.get()) }
      try session.transaction("test") { connection throws(PostgresError) in
        try mark(2, connection)
      }
    }
    XCTAssertEqual(try marks(database), [2, 2])
  }
}
