import Postgres
import XCTest

final class SQLTests: XCTestCase {
  func testValuesBecomeNumberedParametersAndNeverText() {
    let evil = "'; DROP TABLE x; --"
    let sql: SQL = "SELECT \(evil), \(unsafe: "a.b") FROM t WHERE n = \(7) AND s = \(text: [1])"
    XCTAssertEqual(sql.text, "SELECT $1, a.b FROM t WHERE n = $2 AND s = $3")
  }

  func testAFragmentBringsItsParametersAndAllAreNumberedAnew() {
    let range: SQL = "n BETWEEN \(1) AND \(2)"
    let either: SQL = "s = \("x") OR \(range)"
    let sql: SQL = "SELECT \(true) FROM t WHERE \(either) AND \(range) LIMIT \(10)"
    XCTAssertEqual(
      sql.text,
      "SELECT $1 FROM t WHERE s = $2 OR n BETWEEN $3 AND $4 AND n BETWEEN $5 AND $6 LIMIT $7")
  }

  func testAFragmentsDollarsAreNoParameters() {
    let price: SQL = "price = '$1' || \(1)"
    let sql: SQL = "\(2) \(price)"
    XCTAssertEqual(sql.text, "$1 price = '$1' || $2")
  }

  func testConditionsStandInParenthesesAndNoneHolds() {
    let term: SQL = "a = \(1) OR b = \(2)"
    XCTAssertEqual(
      ("WHERE \(SQL.all([term, "c", term])) LIMIT \(3)" as SQL).text,
      "WHERE (a = $1 OR b = $2) AND (c) AND (a = $3 OR b = $4) LIMIT $5")
    XCTAssertEqual(SQL.all(["c"]).text, "(c)")
    XCTAssertEqual(SQL.all([]).text, "TRUE")
  }

  func testAListHasCommasBetween() {
    let assignments: [SQL] = ["a = \(1)", "b = \(nil as String?)", "c = now()"]
    XCTAssertEqual(SQL.list(assignments).text, "a = $1, b = $2, c = now()")
    XCTAssertEqual(SQL.list([]).text, "")
  }

  func testAStringMadeAtRunTimeIsAValue() {
    let made = ["DROP", "TABLE"].joined(separator: " ")
    XCTAssertEqual(("\(made)" as SQL).text, "$1")
    XCTAssertEqual(("\("literal")" as SQL).text, "$1")
    XCTAssertEqual(("\(made as String?), \(["x"])" as SQL).text, "$1, $2")
  }

  func testAnIdentifierHoldsItsQuotes() {
    XCTAssertEqual(("\(identifier: "a\"b c")" as SQL).text, "\"a\"\"b c\"")
    XCTAssertEqual(
      Array(("\(identifier: "a\"\u{301}")" as SQL).text.utf8), Array("\"a\"\"\u{301}\"".utf8))
  }

  func testTheDatabaseOfADSNIsFound() {
    func name(_ dsn: String) -> String? {
      ConnectionOptions(
        dsn: dsn, applicationName: "", statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 0
      ).databaseName
    }
    XCTAssertEqual(name("postgresql://u:p@h:1/links?sslmode=require"), "links")
    XCTAssertEqual(name("host=/tmp dbname='my links' user=u"), "my links")
    XCTAssertEqual(name("postgresql://u@h"), "u")
    XCTAssertNil(name("postgresql://u@h/%zz"))
  }
}
