internal import Curl

/// All rows of a SELECT in the format Native, and back: piece by piece, so their number doesn't matter.
extension Client {
  /// Reads the result of a SELECT.
  ///
  /// The server completes the result before it sends the first byte. So an error is never taken for
  /// rows.
  ///
  /// - Parameters:
  ///   - sql: The statement, without a FORMAT clause.
  ///   - milliseconds: The time-out.
  ///   - sink: Takes the bytes; false ends the request.
  /// - Throws: Any failure; also when `sink` has ended it.
  package func export(
    _ sql: SQL, timeout milliseconds: Int, to sink: @escaping (UnsafeRawBufferPointer) -> Bool
  ) throws(ClickHouseError) {
    let statement: SQL = "\(sql) FORMAT Native"
    var transfer = Transfer(
      .post(statement.bytes), url(["wait_end_of_query": "1"]), timeout: milliseconds,
      answerLimit: 1 << 20)
    transfer.isFresh = true
    transfer.sink = sink
    _ = try perform("export", transfer)
  }

  /// Inserts the result of an export into a table.
  ///
  /// A failure may leave some of the rows.
  ///
  /// - Parameters:
  ///   - table: The target, with the columns of the exported one.
  ///   - bytes: The number of bytes to come.
  ///   - milliseconds: The time-out.
  ///   - source: Fills a buffer with the next bytes; nil ends the request.
  /// - Throws: When it isn't known to be executed.
  package func fill(
    _ table: String, bytes: Int, timeout milliseconds: Int,
    from source: @escaping (UnsafeMutableRawBufferPointer) -> Int?
  ) throws(ClickHouseError) {
    var parameters = ["insert_deduplicate": "0"]
    if try serverVersion() >= ServerVersion(major: 21, minor: 12) {
      parameters["async_insert"] = "0"
    }
    let statement: SQL = "INSERT INTO \(identifier: table) FORMAT Native"
    parameters["query"] = String(decoding: statement.bytes, as: UTF8.self)
    var transfer = Transfer(
      .upload(bytes), url(parameters), timeout: milliseconds, answerLimit: 1 << 20)
    transfer.isFresh = true
    transfer.source = source
    try Self.requireEmpty(try perform("fill \(table)", transfer), of: "fill \(table)")
  }
}
