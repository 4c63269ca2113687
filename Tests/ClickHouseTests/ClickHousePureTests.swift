import TestSupport
import XCTest

@testable import ClickHouse

final class ClickHousePureTests: XCTestCase {
  func testAnAddressIsReadFromItsURL() {
    XCTAssertEqual(
      ServerAddress(url: "http://default@127.0.0.1:8123/swiftlet"),
      ServerAddress(host: "127.0.0.1", port: 8123, database: "swiftlet"))
    XCTAssertEqual(
      ServerAddress(url: "https://me:p%40ss@db.example/"),
      ServerAddress(
        scheme: "https", host: "db.example", port: 8443, user: "me", password: "p@ss"))
    XCTAssertEqual(ServerAddress(url: "http://[::1]:1/d")?.host, "[::1]")
    for url in [
      "", "127.0.0.1", "tcp://h/d", "http://", "http://h/a/b", "http://h:0/d", "http://h:99999/d",
      "http://h/d?x=1", "http://h/d#x",
    ] {
      XCTAssertNil(ServerAddress(url: url), url)
    }
  }

  func testTheErrorCodeIsReadFromBothFormsOfMessage() {
    let rows: [(String, Int?)] = [
      ("Code: 252, e.displayText() = DB::Exception: Too many parts", 252),
      ("Code: 60. DB::Exception: Table d.t does not exist. (UNKNOWN_TABLE)", 60),
      ("<html>502</html>", nil), ("Code: ", nil), ("", nil),
    ]
    for (text, code) in rows {
      XCTAssertEqual(ClickHouseError.code(in: Array(text.utf8))?.rawValue, code, text)
    }
    let busy = ClickHouseError(status: 500, body: Array(rows[0].0.utf8), operation: "insert")
    XCTAssertTrue(busy.isRetriable)
    XCTAssertTrue(busy.isOutcomeUnknown)
    XCTAssertTrue(ClickHouseError.Code.tooManyParts ~= busy)
    let gone = ClickHouseError(status: 404, body: Array(rows[1].0.utf8), operation: "insert")
    XCTAssertFalse(gone.isRetriable)
    XCTAssertFalse(gone.description.contains("d.t"), "nothing of the query for strangers")
  }

  func testValuesBecomeLiteralsAndNamesAreQuoted() {
    let sql: SQL =
      "SELECT \("it's \\ \u{0}") FROM \(identifier: "a`b") WHERE x = \(5) AND \(bytes: [255])"
    XCTAssertEqual(
      sql.bytes,
      Array("SELECT 'it\\'s \\\\ \\0' FROM `a\\`b` WHERE x = 5 AND '".utf8) + [255]
        + Array("'".utf8))
    let nested: SQL = "(\(SQL("SELECT \("x")"))) IN (\(list: [1, 2, 3]))"
    XCTAssertEqual(nested.bytes, Array("(SELECT 'x') IN (1,2,3)".utf8))
  }

  func testRowsAreReadWithTheirEscapesUndone() {
    let rows = Rows(tabSeparated: Array("a\\tb\\\\\\n\tc\n\t\n".utf8))
    XCTAssertEqual(Array(rows), [["a\tb\\\n", "c"], ["", ""]])
    XCTAssertEqual(Rows(tabSeparated: []).count, 0)
  }

  func testVersionsCompareByNumber() throws {
    XCTAssertLessThan(
      try XCTUnwrap(ServerVersion("18.16.1")), ServerVersion(major: 18, minor: 100))
    XCTAssertGreaterThan(
      try XCTUnwrap(ServerVersion("26.9.2.1")), ServerVersion(major: 21, minor: 12))
    XCTAssertNil(ServerVersion("new"))
    XCTAssertNil(ServerVersion(major: 18, minor: 16).insertSettings["async_insert"])
    XCTAssertEqual(ServerVersion(major: 26, minor: 9).insertSettings["async_insert"], "0")
  }
}
