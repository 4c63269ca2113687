import Postgres
import TestSupport
import XCTest

/// All of a transaction's statements have their effect, or none, and the session serves on.
final class TransactionTests: XCTestCase {
  private func connect() throws -> Connection {
    let connection = try Connection.test()
    try connection.executeScript(
      unsafe: "CREATE TEMPORARY TABLE numbers (n int8 UNIQUE DEFERRABLE INITIALLY DEFERRED)",
      "test", timeoutMilliseconds: 20_000)
    return connection
  }

  private func transaction(
    _ connection: Connection, _ body: () throws(PostgresError) -> Void
  ) throws {
    try connection.transaction("test", timeoutMilliseconds: 20_000, body)
  }

  private func add(_ number: Int, _ connection: Connection) throws(PostgresError) {
    _ = try connection.execute(
      "INSERT INTO numbers VALUES (\(number))", "add", timeoutMilliseconds: 20_000)
  }

  private func count(_ connection: Connection) throws -> Int64 {
    try connection.integer("SELECT count(*) FROM numbers")
  }

  func testWhatItDidIsThereAfterIt() throws {
    let connection = try connect()
    try transaction(connection) { () throws(PostgresError) in
      try add(1, connection)
      try add(2, connection)
      XCTAssertFalse(connection.isIdle)
    }
    XCTAssertTrue(connection.isIdle)
    XCTAssertEqual(try count(connection), 2)
  }

  func testAnErrorInItLeavesNothingAndTheConnectionServesOn() throws {
    let connection = try connect()
    let failed = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        _ = try connection.execute("SELECT 1/\(0)", "divide", timeoutMilliseconds: 20_000)
      }
    }
    XCTAssertEqual(failed.state.rawValue, "22012")
    // An error of the caller's own.
    let thrown = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        throw PostgresError(.cardinalityViolation, "made up", during: "test")
      }
    }
    XCTAssertEqual(thrown.state, .cardinalityViolation)
    XCTAssertTrue(connection.isIdle)
    XCTAssertEqual(try count(connection), 0)
  }

  func testAnErrorThatItsBodySwallowsIsNoSuccess() throws {
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        _ = try? connection.run("SELECT 1/\(0)")
      }
    }
    XCTAssertEqual(error.state, .failedTransaction)
    XCTAssertTrue(connection.isIdle)
    XCTAssertEqual(try count(connection), 0)
  }

  func testACommitThatIsRefusedThrowsAndLeavesNothing() throws {
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        try add(1, connection)
      }
    }
    XCTAssertEqual(error.state, .uniqueViolation)
    XCTAssertTrue(connection.isIdle)
    XCTAssertEqual(try count(connection), 0)
  }

  func testACommitThatLosesItsSessionHasAnUnknownOutcome() throws {
    let connection = try connect()
    try connection.executeScript(
      unsafe: """
        CREATE FUNCTION pg_temp.leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_terminate_backend(pg_backend_pid());
          RETURN NEW;
        END $$;
        CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON numbers DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION pg_temp.leave();
        """, "plant", timeoutMilliseconds: 20_000)
    let error = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in try add(1, connection) }
    }
    XCTAssertEqual(error.state, .transactionResolutionUnknown)
    XCTAssertTrue(error.isConnectionLoss)
    XCTAssertFalse(connection.isUsable)
  }

  func testOneWithinAnotherIsRefusedAndCommitsNothing() throws {
    let connection = try connect()
    let error = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        try connection.transaction("inner", timeoutMilliseconds: 20_000) {
          () throws(PostgresError) in try add(2, connection)
        }
      }
    }
    XCTAssertEqual(error.state, .activeTransaction)
    XCTAssertEqual(try count(connection), 0)
  }

  func testASessionThatEndsInItIsALossAndTheConnectionIsClosed() throws {
    let (connection, other) = (try connect(), try Connection.test())
    let error = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in
        try add(1, connection)
        XCTAssertTrue((try? connection.end(by: other)) == true)
        try add(2, connection)
      }
    }
    XCTAssertTrue(error.isConnectionLoss, error.debugDescription)
    XCTAssertFalse(connection.isUsable)
    let later = try assertThrows(PostgresError.self) {
      try transaction(connection) { () throws(PostgresError) in try add(3, connection) }
    }
    XCTAssertEqual(later.state, .connectionDoesNotExist)
  }
}
