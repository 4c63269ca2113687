import Postgres
import TestSupport
import XCTest

/// Statements are prepared once a session, 64 at most, and no failure of one harms another.
final class PreparedStatementsTests: XCTestCase {
  private func prepared(_ connection: Connection) throws -> Int64 {
    try connection.integer("SELECT count(*) FROM pg_prepared_statements")
  }

  /// Statements of different text, with a parameter each.
  private func statement(_ number: Int, _ value: Int) -> SQL {
    "SELECT \(value) + \(unsafe: "\(number)")"
  }

  private func value(_ connection: Connection, _ sql: SQL) throws -> Int64 {
    try connection.run(sql).one { row throws(PostgresError) in try row.integer() }
  }

  func testAStatementIsPreparedOnceASessionWhateverItsValues() throws {
    let connection = try Connection.test()
    for number in 0..<5 {
      let part: SQL = "\(number) + \(Int64(number) as Int64?)"
      _ = try connection.run("SELECT \(part)")
      _ = try connection.run("SELECT \(number == 3 ? nil : number)")
    }
    XCTAssertEqual(try prepared(connection), 2)
  }

  func testTheSameTextWithParametersOfOtherTypesIsAnotherStatement() throws {
    let connection = try Connection.test()
    let texts: [SQL] = ["SELECT pg_typeof(\(1))::text", "SELECT pg_typeof(\("1"))::text"]
    for _ in 0..<2 {
      let types = try texts.map { sql in
        try connection.run(sql).one { row throws(PostgresError) in try row.text() }
      }
      XCTAssertEqual(types, ["bigint", "text"])
    }
  }

  func testThe65thStatementRunsUnpreparedAndThe64StayPrepared() throws {
    let connection = try Connection.test()
    for round in 0..<3 {
      for number in 0..<70 {
        XCTAssertEqual(try value(connection, statement(number, round)), Int64(number + round))
      }
      XCTAssertEqual(try prepared(connection), 64)
    }
  }

  func testALostConnectionsStatementsAreNotLookedForInTheNext() throws {
    let connection = try Connection.test()
    for number in 0..<65 { _ = try connection.run(statement(number, 1)) }
    XCTAssertTrue(try connection.end(by: Connection.test()))
    _ = try assertThrows(PostgresError.self) { _ = try connection.run(statement(1, 1)) }
    let next = try Connection.test()
    XCTAssertEqual(try value(next, statement(1, 1)), 2)
    XCTAssertEqual(try prepared(next), 1)
  }

  func testAStatementThatIsRefusedCostsNoPlace() throws {
    let connection = try Connection.test()
    for number in 0..<70 {
      let bad: SQL = "SELECT \(1) FROM nothing_\(unsafe: "\(number)")"
      let error = try assertThrows(PostgresError.self) { _ = try connection.run(bad) }
      XCTAssertEqual(error.state, .undefinedTable)
    }
    for number in 0..<64 { _ = try connection.run(statement(number, 1)) }
    XCTAssertEqual(try prepared(connection), 64)
  }

  func testInAFailedTransactionNothingIsPreparedAndAfterItEverythingIs() throws {
    let connection = try Connection.test()
    let kept = statement(1, 1)
    _ = try connection.run(kept)
    let error = try assertThrows(PostgresError.self) {
      try connection.transaction("test", timeoutMilliseconds: 20_000) {
        () throws(PostgresError) in
        _ = try connection.execute(statement(2, 1), "test", timeoutMilliseconds: 20_000)
        _ = try? connection.run("SELECT 1/\(0)")
        _ = try connection.execute(statement(3, 1), "test", timeoutMilliseconds: 20_000)
      }
    }
    XCTAssertEqual(error.state, .failedTransaction)
    for number in 1...3 {
      XCTAssertEqual(try value(connection, statement(number, 1)), Int64(number + 1))
    }
  }

  func testAPlanThatAMigrationMadeVoidIsMadeAnewUnseen() throws {
    let connection = try Connection.test()
    try connection.executeScript(
      unsafe: "CREATE TEMPORARY TABLE wide (s varchar(32)); INSERT INTO wide VALUES ('x')", "test",
      timeoutMilliseconds: 20_000)
    let read: SQL = "SELECT s FROM wide WHERE s = \("x")"
    for _ in 0..<3 {
      XCTAssertEqual(
        try connection.run(read).one { row throws(PostgresError) in try row.text() }, "x")
      try connection.executeScript(
        unsafe: "ALTER TABLE wide ALTER s TYPE text; ALTER TABLE wide ALTER s TYPE varchar(9)",
        "test", timeoutMilliseconds: 20_000)
    }
  }

  func testStatementsThatTheServerForgotArePreparedAgain() throws {
    let connection = try Connection.test()
    for _ in 0..<3 {
      XCTAssertEqual(try value(connection, statement(1, 1)), 2)
      try connection.executeScript(unsafe: "DISCARD ALL", "test", timeoutMilliseconds: 20_000)
    }
    XCTAssertEqual(try value(connection, statement(1, 1)), 2)
  }

  /// Each name is given once, so what is forgotten again and again ends unprepared.
  func testForgottenStatementsDoNotPileUp() throws {
    let connection = try Connection.test()
    try connection.executeScript(
      unsafe: "CREATE TEMPORARY TABLE wide (s varchar(32))", "test", timeoutMilliseconds: 20_000)
    for width in 1..<80 {
      _ = try connection.run("SELECT s FROM wide WHERE s = \("x")")
      try connection.executeScript(
        unsafe: "ALTER TABLE wide ALTER s TYPE varchar(\(width))", "test",
        timeoutMilliseconds: 20_000)
    }
    XCTAssertLessThanOrEqual(try prepared(connection), 64)
  }

  func testAStatementThatRunsOnceIsNotPrepared() throws {
    let connection = try Connection.test()
    for number in 0..<3 { _ = try connection.runOnce(statement(number, 1)) }
    XCTAssertEqual(try prepared(connection), 0)
  }
}
