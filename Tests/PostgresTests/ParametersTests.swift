import Postgres
import TestSupport
import XCTest

/// What is bound arrives at the server as it was, whatever it is.
final class ParametersTests: XCTestCase {
  private let hostile = [
    "'; DROP TABLE short_urls; --", "\\", "\\\\\"", "\"", ",", "{a,b}", "}", "NULL", "null", "",
    " ", "$1", "%s", "\u{1}\n\t", "é 漢字 👍", "e\u{301}",
  ]

  func testValuesComeBackAsTheyWereBound() throws {
    let text = hostile.joined()
    try Connection.test().run(
      """
      SELECT \(Int64.min), \(text), \(true), \(bytes: [0, 255, 39]),
        \(milliseconds: 1_700_000_000_123), \(""), \(text: Array("é".utf8)), \(false), \(bytes: [])
      """
    ).one { row throws(PostgresError) in
      XCTAssertEqual(try row.integer(), Int64.min)
      XCTAssertEqual(try row.bytes(), Array(text.utf8))
      XCTAssertTrue(try row.bool())
      XCTAssertEqual(try row.bytes(), [0, 255, 39])
      XCTAssertEqual(try row.milliseconds(), 1_700_000_000_123)
      XCTAssertEqual(try row.text(), "")
      XCTAssertEqual(try row.text(), "é")
      XCTAssertFalse(try row.bool())
      XCTAssertEqual(try row.bytes(), [])
    }
  }

  func testNilIsNULLOfTheParametersType() throws {
    let number: Int64? = nil
    let texts: [String]? = nil
    try Connection.test().run(
      """
      SELECT \(number), \(nil as Int?), \(nil as Bool?), \(nil as String?), \(text: nil),
        \(bytes: nil), \(milliseconds: nil as Int64?), pg_typeof(\(number))::text,
        pg_typeof(\(milliseconds: nil as Int64?))::text,
        num_nulls(\(texts), \(nil as [Int64]?), \(milliseconds: nil as [Int64]?), \(7 as Int64?)),
        \("last" as String?)
      """
    ).one { row throws(PostgresError) in
      XCTAssertNil(try row.optionalInteger())
      XCTAssertNil(try row.optionalInteger())
      XCTAssertNil(try row.optionalBool())
      XCTAssertNil(try row.optionalText())
      XCTAssertNil(try row.optionalText())
      XCTAssertNil(try row.optionalBytes())
      XCTAssertNil(try row.optionalMilliseconds())
      XCTAssertEqual(try row.text(), "bigint")
      XCTAssertEqual(try row.text(), "timestamp with time zone")
      XCTAssertEqual(try row.integer(), 3)
      XCTAssertEqual(try row.text(), "last")
    }
  }

  func testArraysArriveElementByElement() throws {
    let texts: [String?] = hostile + [nil, "after"]
    let numbers: [Int64?] = [Int64.min, nil, -1, 0, Int64.max]
    let times: [Int64?] = [-1, nil, 0, 1_700_000_000_123]
    let connection = try Connection.test()
    let back = try connection.run("SELECT t FROM unnest(\(texts)) WITH ORDINALITY AS u (t, n)")
    XCTAssertEqual(
      try back.map { row throws(PostgresError) in try row.optionalText().map { Array($0.utf8) } },
      texts.map { $0.map { Array($0.utf8) } })
    XCTAssertEqual(
      try connection.run("SELECT unnest(\(numbers))").map { row throws(PostgresError) in
        try row.optionalInteger()
      }, numbers)
    XCTAssertEqual(
      try connection.run("SELECT unnest(\(milliseconds: times))").map {
        row throws(PostgresError) in try row.optionalMilliseconds()
      }, times)
    XCTAssertEqual(
      try connection.integer(
        """
        SELECT cardinality(\([Int64]())) + cardinality(\([String]()))
          + cardinality(\(milliseconds: [])) + 10 * cardinality(\(hostile))
        """), Int64(10 * hostile.count))
  }

  func testAnArrayFindsEachOfItsTextsAndNoOther() throws {
    let connection = try Connection.test()
    for text in hostile {
      XCTAssertEqual(try connection.integer("SELECT (\(text) = ANY(\(hostile)))::int4"), 1, text)
      let others = hostile.filter { $0 != text }
      XCTAssertEqual(try connection.integer("SELECT (\(text) = ANY(\(others)))::int4"), 0, text)
    }
  }

  func testTimesBefore1970And2000KeepTheirMilliseconds() throws {
    let connection = try Connection.test()
    for time: Int64 in [-1, -86_400_001, 0, 946_684_799_999, 946_684_800_001] {
      try connection.run(
        "SELECT \(milliseconds: time), (extract(epoch FROM \(milliseconds: time)) * 1000)::int8"
      ).one { row throws(PostgresError) in
        XCTAssertEqual(try row.milliseconds(), time)
        XCTAssertEqual(try row.integer(), time)
      }
    }
  }

  func testANULInATextIsRefusedByTheServerAndNothingIsCutOff() throws {
    let connection = try Connection.test()
    for sql: SQL in ["SELECT \("a\0b")", "SELECT \(["x", "a\0b"])"] {
      let error = try assertThrows(PostgresError.self) { _ = try connection.run(sql) }
      XCTAssertEqual(error.state, .characterNotInRepertoire)
      XCTAssertTrue(connection.isUsable)
    }
  }

  func testMoreParametersThanTheProtocolCountsAreRefusedAndTheConnectionServesOn() throws {
    let connection = try Connection.test()
    let many = SQL.list((0..<65_536).map { "\($0)" })
    let error = try assertThrows(PostgresError.self) {
      _ = try connection.runOnce("SELECT 1 WHERE 1 IN (\(many))")
    }
    XCTAssertEqual(error.state, .programLimitExceeded)
    XCTAssertFalse(error.isRetriable)
    XCTAssertEqual(try connection.integer("SELECT 7"), 7)
  }

  func testARowOfAMebibyteCrossesBothWays() throws {
    let long = String(repeating: "0123456789abcdef", count: 1 << 16)
    XCTAssertEqual(try Connection.test().text("SELECT \(long) || 'x'"), long + "x")
  }

  func testComposedConditionsAskWhatTheySay() throws {
    let connection = try Connection.test()
    let isSmall: SQL = "n < \(10) OR n > \(90)"
    let conditions: [SQL] = [isSmall, "n = ANY(\([5, 50, 95] as [Int64]))", "n <> \(95)"]
    let condition = SQL.all(conditions)
    XCTAssertEqual(
      try connection.text(
        """
        SELECT string_agg(n || \(":"), \(",") ORDER BY n) FROM generate_series(\(1), \(100)) AS n
        WHERE \(condition) AND \(SQL.all([]))
        """), "5:")
  }
}
