import Access
import EngineSupport
import Postgres
import Sessions
import XCTest

@testable import Analytics

/// How long a report may take.
final class ReportDeadlineTests: XCTestCase {
  func testTheTimeOfPostgreSQLCountsAsWell() throws {
    let scene = try VisitScene(
      Workbench(), ["CLICKHOUSE_READ_TIMEOUT_MS": "1000", "PG_WRITE_TIMEOUT_MS": "20000"])
    let query = (1...ReportScope.limit).map { ("shortCode", "link\($0)") }
    for number in 1...ReportScope.limit { try scene.make(number) }
    XCTAssertEqual(try scene.list(GetAnalytics(), [:], query).items.count, ReportScope.limit)
    // PostgreSQL ends the lock long after the report should have given up.
    let other = try scene.database.admin()
    for statement in [
      "SET idle_in_transaction_session_timeout = '8s'", "BEGIN", "LOCK TABLE short_urls",
    ] as [SQL] {
      _ = try other.executeOnce(statement, "lock", timeoutMilliseconds: 20_000)
    }
    XCTAssertThrowsError(try scene.list(GetAnalytics(), [:], query)) {
      guard case AnalyticsFailure.tooSlow(let error) = $0 else { return XCTFail("\($0)") }
      XCTAssertEqual(error.store, .postgres)
    }
  }

  func testWithoutTimePostgreSQLIsNotAsked() throws {
    let links = try VisitScene(Workbench()).stores.visits.answering(by: 0)
    XCTAssertThrowsError(try links.everything(for: .holder())) {
      guard case AnalyticsFailure.tooSlow(let error) = $0 else { return XCTFail("\($0)") }
      XCTAssertEqual(error.detail, "no time is left")
    }
  }
}
