import Postgres
import TestSupport
import XCTest

final class ConnectionTests: XCTestCase {
  func testPastItsDeadlineAConnectionIsClosedAndNeverUsedAgain() throws {
    let connection = try Connection.test()
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT pg_sleep(30)", "test", timeoutMilliseconds: 100)
    }
    XCTAssertEqual(error.state, .deadlineExceeded)
    XCTAssertTrue(error.isTimeout)
    XCTAssertFalse(connection.isUsable)
    let later = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT 1", "test", timeoutMilliseconds: 100)
    }
    XCTAssertEqual(later.state, .connectionDoesNotExist)
  }

  func testTheServersOwnTimeoutLeavesTheConnectionUsable() throws {
    let connection = try Connection.test(statementTimeout: 50)
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT pg_sleep(30)", "test", timeoutMilliseconds: 10_000)
    }
    XCTAssertEqual(error.state, .queryCanceled)
    XCTAssertEqual(try connection.integer("SELECT 1"), 1)
  }

  func testASessionThatTheServerEndedIsSeenBeforeItIsUsed() throws {
    let connection = try Connection.test()
    let other = try Connection.test()
    XCTAssertTrue(connection.isUsable)
    XCTAssertTrue(try connection.end(by: other))
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT 1", "test", timeoutMilliseconds: 1000)
    }
    XCTAssertTrue(error.isConnectionLoss && error.isRetriable, error.debugDescription)
  }

  func testAFailedStatementNamesItsStateAndShowsItsMessageOnlyToTheLog() throws {
    let connection = try Connection.test()
    try connection.executeScript(
      unsafe: "CREATE TEMPORARY TABLE once (n int8 UNIQUE)", "test", timeoutMilliseconds: 1000)
    let insert: () throws -> Void = {
      _ = try connection.execute(
        "INSERT INTO once VALUES (\(4711))", "add", timeoutMilliseconds: 1000)
    }
    try insert()
    do {
      try insert()
      XCTFail("inserted twice")
    } catch SQLState.uniqueViolation {}
    let error = try assertThrows(PostgresError.self, insert)
    XCTAssertEqual(error.description, "PostgreSQL: add failed (23505)")
    XCTAssertTrue(error.debugDescription.contains("4711"))
    XCTAssertFalse(error.isRetriable)
    XCTAssertTrue(connection.isUsable)
  }

  func testAScriptIsDoneAsAWholeOrNotAtAll() throws {
    let connection = try Connection.test()
    let error = try assertThrows(PostgresError.self) {
      try connection.executeScript(
        unsafe: "CREATE TEMPORARY TABLE half (n int); SELECT 1/0", "test",
        timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(error.state.rawValue, "22012")
    XCTAssertEqual(try connection.integer("SELECT (to_regclass('half') IS NULL)::int4"), 1)
  }

  /// The server waits for data that never comes.
  func testACopyIsRefusedAtOnceAndTheConnectionIsClosed() throws {
    for text in [
      "COPY (SELECT 1) TO STDOUT", "CREATE TEMPORARY TABLE t (n int); COPY t FROM STDIN",
    ] {
      let connection = try Connection.test()
      let error = try assertThrows(PostgresError.self) {
        try connection.executeScript(unsafe: text, "test", timeoutMilliseconds: 20_000)
      }
      XCTAssertEqual(error.state, .protocolViolation)
      XCTAssertFalse(connection.isUsable)
    }
  }

  func testANameThatIsNoSocketFailsAtOnce() throws {
    let error = try assertThrows(PostgresError.self) {
      _ = try Connection.test(dsn: "postgresql:///x?host=/nonexistent-directory")
    }
    XCTAssertEqual(error.state, .cannotConnect)
    XCTAssertTrue(error.isRetriable)
  }

  func testAServerThatAcceptsAndSaysNothingIsGivenUpAtTheTimeout() throws {
    let silent = try SilentServer(name: ".s.PGSQL.5432")
    let error = try assertThrows(PostgresError.self) {
      _ = try Connection.test(dsn: "postgresql:///x?host=\(silent.directory)&user=x", timeout: 100)
    }
    XCTAssertEqual(error.state, .deadlineExceeded)
  }
}
