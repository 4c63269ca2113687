import Migrations
import XCTest

final class SQLScriptTests: XCTestCase {
  func testSemicolonsSeparateStatementsOutsideOfQuotesAndCommentsOnly() {
    let text = """
      -- first; comment
      SELECT 'a;b\\';c', "d;e", `f;g`; /* x;
      y */ SELECT 2 -- end;
      ;;
      -- nothing more;
      """
    let statements = SQLScript.statements(in: text)
    XCTAssertEqual(statements.count, 2)
    XCTAssertTrue(statements[0].hasSuffix("SELECT 'a;b\\';c', \"d;e\", `f;g`"))
    XCTAssertTrue(statements[1].contains("SELECT 2 -- end;"))
  }

  func testAnOpenQuoteOrCommentEndsWithTheText() {
    XCTAssertEqual(SQLScript.statements(in: "SELECT 'a; b"), ["SELECT 'a; b"])
    XCTAssertEqual(SQLScript.statements(in: "/* a; b"), [])
    XCTAssertEqual(SQLScript.statements(in: ""), [])
  }
}
