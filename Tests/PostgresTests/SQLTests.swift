import Postgres
import XCTest

final class SQLTests: XCTestCase {
  func testValuesBecomeNumberedParametersAndNeverText() {
    let evil = "'; DROP TABLE x; --"
    let sql: SQL = "SELECT \(evil), \(unsafe: "a.b") FROM t WHERE n = \(7) AND s = \(text: [1])"
    XCTAssertEqual(sql.text, "SELECT $1, a.b FROM t WHERE n = $2 AND s = $3")
  }

  func testAQuotedIdentifierHoldsItsQuotes() {
    XCTAssertEqual(SQL.quotedIdentifier("a\"b c"), "\"a\"\"b c\"")
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
