import Glibc
import Postgres
import TestSupport
import XCTest

final class ConnectionTests: XCTestCase {
  private func connect(
    statementTimeout: Int = 0, dsn: String? = nil, timeout: Int = 2000
  ) throws -> Connection {
    signal(SIGPIPE, SIG_IGN)
    return try Connection(
      ConnectionOptions(
        dsn: try dsn ?? TestStack.value("PG_DSN"), applicationName: "tests",
        statementTimeoutMilliseconds: statementTimeout, lockTimeoutMilliseconds: 0),
      timeoutMilliseconds: timeout)
  }

  func testValuesComeBackAsTheyWereBound() throws {
    let connection = try connect()
    let text = "'; DROP TABLE short_urls; -- \\ \" $1 é 漢字 👍"
    let rows = try connection.execute(
      """
      SELECT \(Int64.min), \(text), \(true), \(bytes: [0, 255, 39]),
        \(milliseconds: 1_700_000_000_123), \(""), NULL::text, 7::int4, -2::int2
      """, "test", timeoutMilliseconds: 1000)
    XCTAssertEqual(rows.count, 1)
    XCTAssertEqual(try rows.integer(0), Int64.min)
    XCTAssertEqual(try rows.bytes(1), Array(text.utf8))
    XCTAssertEqual(try rows.integer(2), 1)
    XCTAssertEqual(try rows.bytes(3), [0, 255, 39])
    XCTAssertEqual(try rows.milliseconds(4), 1_700_000_000_123)
    XCTAssertEqual(try rows.text(5), "")
    XCTAssertNil(try rows.text(6))
    XCTAssertEqual(try rows.integer(7), 7)
    XCTAssertEqual(try rows.integer(8), -2)
  }

  func testArraysArriveElementByElement() throws {
    let connection = try connect()
    let texts = ["'; -- \\ {\"}", "", "漢字"]
    let rows = try connection.execute(
      """
      SELECT number, text, time, cardinality(\([Int64]())) FROM
        unnest(\([Int64.min, -1, 7]), \(texts), \(milliseconds: [-1, 0, 1_700_000_000_123]))
        AS rows (number, text, time)
      """, "test", timeoutMilliseconds: 1000)
    XCTAssertEqual(try (0..<3).map { try rows.integer(0, row: $0) }, [Int64.min, -1, 7])
    XCTAssertEqual(try (0..<3).map { try rows.text(1, row: $0) }, texts)
    XCTAssertEqual(
      try (0..<3).map { try rows.milliseconds(2, row: $0) }, [-1, 0, 1_700_000_000_123])
    XCTAssertEqual(try rows.integer(3), 0)
  }

  func testTimesBefore1970And2000KeepTheirMilliseconds() throws {
    let connection = try connect()
    for time: Int64 in [-1, -86_400_001, 0, 946_684_799_999, 946_684_800_001] {
      let rows = try connection.execute(
        "SELECT \(milliseconds: time), (extract(epoch FROM \(milliseconds: time)) * 1000)::int8",
        "test", timeoutMilliseconds: 1000)
      XCTAssertEqual(try rows.milliseconds(0), time)
      XCTAssertEqual(try rows.integer(1), time)
    }
  }

  func testANULInATextIsRefusedByTheServerAndNothingIsCutOff() throws {
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute(
        "SELECT \("a\0b")", "test", timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(error.state, .characterNotInRepertoire)
    XCTAssertTrue(connection.isUsable)
  }

  func testAColumnOfAnotherTypeThrows() throws {
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT 'x'::text", "test", timeoutMilliseconds: 1000).integer(0)
    }
    XCTAssertEqual(error.state, .datatypeMismatch)
  }

  func testAStatementIsPreparedOnceAConnection() throws {
    let connection = try connect()
    for number in 0..<5 {
      _ = try connection.execute("SELECT \(number)", "test", timeoutMilliseconds: 1000)
    }
    let rows = try connection.executeOnce(
      "SELECT count(*) FROM pg_prepared_statements", "test", timeoutMilliseconds: 1000)
    XCTAssertEqual(try rows.integer(0), 1)
  }

  func testPastItsDeadlineAConnectionIsClosedAndNeverUsedAgain() throws {
    let connection = try connect()
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
    let connection = try connect(statementTimeout: 50)
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT pg_sleep(30)", "test", timeoutMilliseconds: 10_000)
    }
    XCTAssertEqual(error.state, .queryCanceled)
    XCTAssertEqual(
      try connection.execute("SELECT 1::int8", "test", timeoutMilliseconds: 1000).integer(0), 1)
  }

  func testASessionThatTheServerEndedIsSeenBeforeItIsUsed() throws {
    let connection = try connect()
    let other = try connect()
    XCTAssertTrue(connection.isUsable)
    _ = try other.execute(
      "SELECT pg_terminate_backend(\(connection.backendPID)::int8::int)", "test",
      timeoutMilliseconds: 1000)
    XCTAssertTrue(eventually(seconds: 2) { !connection.isUsable })
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.execute("SELECT 1", "test", timeoutMilliseconds: 1000)
    }
    XCTAssertTrue(error.isConnectionLoss && error.isRetriable, error.debugDescription)
  }

  func testAFailedStatementNamesItsStateAndShowsItsMessageOnlyToTheLog() throws {
    let connection = try connect()
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
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      try connection.executeScript(
        unsafe: "CREATE TEMPORARY TABLE half (n int); SELECT 1/0", "test",
        timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(error.state.rawValue, "22012")
    let rows = try connection.executeOnce(
      "SELECT to_regclass('half') IS NULL", "test", timeoutMilliseconds: 1000)
    XCTAssertEqual(try rows.integer(0), 1)
  }

  func testARowOfAMebibyteCrossesBothWays() throws {
    let connection = try connect()
    let long = String(repeating: "0123456789abcdef", count: 1 << 16)
    let rows = try connection.execute(
      "SELECT \(long) || 'x'", "test", timeoutMilliseconds: 5000)
    XCTAssertEqual(try rows.text(0), long + "x")
  }

  func testANameThatIsNoSocketFailsAtOnce() throws {
    let error = try assertThrows(PostgresError.self) {
      _ = try connect(dsn: "postgresql:///x?host=/nonexistent-folder")
    }
    XCTAssertEqual(error.state, .cannotConnect)
    XCTAssertTrue(error.isRetriable)
  }

  func testAServerThatAcceptsAndSaysNothingIsGivenUpAtTheTimeout() throws {
    let silent = try SilentServer(name: ".s.PGSQL.5432")
    let error = try assertThrows(PostgresError.self) {
      _ = try connect(dsn: "postgresql:///x?host=\(silent.folder)&user=x", timeout: 100)
    }
    XCTAssertEqual(error.state, .deadlineExceeded)
  }
}
