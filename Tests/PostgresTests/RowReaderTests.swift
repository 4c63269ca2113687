import Postgres
import TestSupport
import XCTest

/// A row that isn't as its reader thinks is an error that says so.
final class RowReaderTests: XCTestCase {
  private func failure<Value>(
    _ sql: SQL, _ read: (inout RowReader) throws(PostgresError) -> Value
  ) throws -> PostgresError {
    let connection = try Connection.test()
    let error = try assertThrows(PostgresError.self) { _ = try connection.run(sql).one(read) }
    XCTAssertFalse(error.isRetriable)
    XCTAssertEqual(error.operation, "test")
    XCTAssertEqual(try connection.integer("SELECT 1"), 1, "the connection serves on")
    return error
  }

  func testColumnsAreReadInTheirOrder() throws {
    try Connection.test().run(
      """
      SELECT 7::int4, -2::int2, 4000000000::oid, 'n'::name, 'b'::char(2), 'v'::varchar, true,
        NULL::int4, NULL::bool, 'x'::text, '[1]'::json
      """
    ).one { row throws(PostgresError) in
      XCTAssertEqual(try row.integer(), 7)
      XCTAssertEqual(try row.optionalInteger(), -2)
      XCTAssertEqual(try row.integer(), 4_000_000_000)
      XCTAssertEqual(try row.text(), "n")
      XCTAssertEqual(try row.text(), "b ")
      XCTAssertEqual(try row.optionalText(), "v")
      XCTAssertEqual(try row.optionalBool(), true)
      XCTAssertNil(try row.optionalInteger())
      XCTAssertNil(try row.optionalBool())
      XCTAssertEqual(try row.optionalBytes(), Array("x".utf8))
      XCTAssertEqual(try row.text(), "[1]")
    }
  }

  func testAnArrayOfTextsIsReadWhole() throws {
    try Connection.test().run(
      "SELECT ARRAY['a', '', 'ä,{}']::text[], '{}'::text[], ARRAY[repeat('x', 100000)], 7::int8"
    ).one { row throws(PostgresError) in
      XCTAssertEqual(try row.texts(), ["a", "", "ä,{}"])
      XCTAssertEqual(try row.texts(), [])
      XCTAssertEqual(try row.texts(), [String(repeating: "x", count: 100_000)])
      XCTAssertEqual(try row.integer(), 7)
    }
    for sql: SQL in [
      "SELECT ARRAY['a', NULL]", "SELECT ARRAY[ARRAY['a']]", "SELECT ARRAY[1::int8]",
      "SELECT 'a'::text",
    ] {
      let error = try failure(sql) { row throws(PostgresError) in try row.texts() }
      XCTAssertEqual(error.state, .datatypeMismatch, sql.text)
    }
  }

  func testAColumnOfAnotherTypeThrows() throws {
    let errors = [
      try failure("SELECT 'x'::text") { row throws(PostgresError) in try row.integer() },
      try failure("SELECT true") { row throws(PostgresError) in try row.integer() },
      try failure("SELECT 1.5::numeric") { row throws(PostgresError) in try row.integer() },
      try failure("SELECT 1::int8") { row throws(PostgresError) in try row.text() },
      try failure("SELECT '\\x00'::bytea") { row throws(PostgresError) in try row.text() },
      try failure("SELECT 1::int8") { row throws(PostgresError) in try row.bytes() },
      try failure("SELECT 1::int4") { row throws(PostgresError) in try row.bool() },
      try failure("SELECT now()::timestamp") { row throws(PostgresError) in
        try row.milliseconds()
      },
      try failure("SELECT 1::int8") { row throws(PostgresError) in
        try row.optionalMilliseconds()
      },
    ]
    for error in errors { XCTAssertEqual(error.state, .datatypeMismatch, error.debugDescription) }
  }

  func testANULLThatIsNotExpectedThrowsAndNamesTheColumn() throws {
    let error = try failure("SELECT 1::int8, NULL::text AS title") { row throws(PostgresError) in
      (try row.integer(), try row.text())
    }
    XCTAssertEqual(error.state, .nullValueNotAllowed)
    XCTAssertTrue(error.debugDescription.contains("column 2 (title)"), error.debugDescription)
    XCTAssertFalse(error.description.contains("title"))
  }

  func testAColumnTooManyThrows() throws {
    let error = try failure("SELECT 1::int8") { row throws(PostgresError) in
      (try row.integer(), try row.optionalText())
    }
    XCTAssertEqual(error.state, .undefinedColumn)
    let none = try failure("SELECT") { row throws(PostgresError) in try row.optionalInteger() }
    XCTAssertEqual(none.state, .undefinedColumn)
  }

  func testOneIsNeitherNoneNorTwo() throws {
    for sql: SQL in ["SELECT 1 WHERE false", "SELECT generate_series(1, 2)"] {
      let error = try failure(sql) { row throws(PostgresError) in try row.integer() }
      XCTAssertEqual(error.state, .cardinalityViolation)
    }
  }

  func testTheFirstOfNoneIsNilAndAllAreReadInOrder() throws {
    let connection = try Connection.test()
    let series: SQL = "SELECT n::int8 FROM generate_series(1, \(3)) AS n"
    let integer = { (row: inout RowReader) throws(PostgresError) in try row.integer() }
    XCTAssertNil(try connection.run("\(series) WHERE false").first(integer))
    XCTAssertEqual(try connection.run(series).first(integer), 1)
    XCTAssertEqual(try connection.run(series).map(integer), [1, 2, 3])
    XCTAssertEqual(try connection.run("\(series) WHERE false").map(integer), [])
  }
}
