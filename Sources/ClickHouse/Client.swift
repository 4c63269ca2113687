internal import Curl

/// A ClickHouse server, used over its HTTP interface.
///
/// Each call waits for its answer. If there is a `watch`, the client serves another descriptor
/// during each wait. So heartbeats of a broker's connection continue during a slow insert, without
/// a thread.
package final class Client {
  /// Another descriptor to serve during a wait.
  ///
  /// `attend` is called whenever the descriptor is readable, and at least once a second.
  package struct Watch {
    let descriptor: () -> Int32
    let attend: () -> Void

    /// - Parameters:
    ///   - descriptor: Called before each wait; -1 for none at the moment.
    ///   - attend: Called after each wait.
    package init(descriptor: @escaping () -> Int32, attend: @escaping () -> Void) {
      self.descriptor = descriptor
      self.attend = attend
    }
  }

  package let address: ServerAddress
  /// The default time limit of a statement, in milliseconds.
  package let timeout: Int
  private let http: HTTPSession
  private var version: ServerVersion?
  /// The watch that is served during every wait; nil for none.
  ///
  /// The caller that sets it must unset it before the watched object ends.
  package var watch: Watch?
  /// Called at least once a second during a wait: false ends the request, which then throws.
  ///
  /// The statement may have been executed all the same.
  package var mayWait: () -> Bool = { true }

  /// Prepares for requests; nothing is sent yet.
  package init(_ address: ServerAddress, timeout: Int) throws(ClickHouseError) {
    self.address = address
    self.timeout = timeout
    do throws(TransferError) {
      http = try HTTPSession()
    } catch {
      throw ClickHouseError(error, operation: "start libcurl")
    }
  }

  /// Runs a SELECT and waits for all of its rows.
  ///
  /// - Parameters:
  ///   - sql: The statement, without a FORMAT clause.
  ///   - settings: Settings of the server for this query.
  ///   - milliseconds: The time-out; the client's own when nil.
  /// - Returns: The rows.
  /// - Throws: Any failure; a SELECT may be repeated.
  package func select(
    _ sql: SQL, settings: [String: String] = [:], timeout milliseconds: Int? = nil
  ) throws(ClickHouseError) -> Rows {
    let limit = milliseconds ?? timeout
    var parameters = settings
    parameters["wait_end_of_query"] = "1"
    parameters["max_execution_time"] = String((limit + 999) / 1000)
    parameters["default_format"] = "TabSeparated"
    let answer = try perform("select", parameters, body: sql.bytes, timeout: limit)
    return Rows(tabSeparated: answer)
  }

  /// Executes a statement without a result, such as those of a migration.
  ///
  /// - Throws: When it isn't known to be executed.
  package func execute(
    _ sql: SQL, settings: [String: String] = [:], queryID: String? = nil,
    timeout milliseconds: Int? = nil
  ) throws(ClickHouseError) {
    var parameters = settings
    parameters["wait_end_of_query"] = "1"
    parameters["query_id"] = queryID
    let answer = try perform(
      "execute", parameters, body: sql.bytes, timeout: milliseconds ?? timeout, isFresh: true)
    try Self.requireEmpty(answer, of: "execute")
  }

  /// Inserts one block.
  ///
  /// - Parameters:
  ///   - table: The target, with the block's columns.
  ///   - block: The rows.
  ///   - queryID: The id of the query in the server's list of running ones.
  ///   - settings: Settings of the server for this query.
  ///   - milliseconds: The time-out.
  /// - Throws: An error whose `isOutcomeUnknown` tells whether the rows may be stored all the same.
  package func insert(
    into table: String, _ block: NativeBlock, queryID: String, settings: [String: String] = [:],
    timeout milliseconds: Int
  ) throws(ClickHouseError) {
    let columns = SQL(list: block.columns.map { "\(identifier: "\($0.name)")" })
    let statement: SQL = "INSERT INTO \(identifier: table) (\(columns)) FORMAT Native"
    var parameters = settings
    parameters["query"] = String(decoding: statement.bytes, as: UTF8.self)
    parameters["query_id"] = queryID
    let answer = try perform(
      "insert", parameters, body: block.bytes, timeout: milliseconds, isFresh: true)
    try Self.requireEmpty(answer, of: "insert")
  }

  /// The server's version, read once.
  package func serverVersion() throws(ClickHouseError) -> ServerVersion {
    if let version { return version }
    let text = try select("SELECT version()").first?.first ?? ""
    guard let parsed = ServerVersion(text) else {
      throw ClickHouseError(cause: .unexpected, operation: "ask the version", message: text)
    }
    version = parsed
    return parsed
  }

  static func requireEmpty(
    _ answer: [UInt8], of operation: String
  ) throws(ClickHouseError) {
    guard answer.isEmpty else {
      throw ClickHouseError(status: 200, body: answer, operation: operation)
    }
  }

  /// Sends a POST and waits for its answer; one that `isFresh` is never sent twice.
  private func perform(
    _ operation: String, _ parameters: [String: String], body: [UInt8], timeout: Int,
    isFresh: Bool = false
  ) throws(ClickHouseError) -> [UInt8] {
    var transfer = Transfer(
      .post(body), url(parameters), timeout: timeout, answerLimit: isFresh ? 1 << 20 : 256 << 20)
    transfer.isFresh = isFresh
    return try perform(operation, transfer)
  }

  /// Sends a request as the client's user, and waits for its answer.
  func perform(_ operation: String, _ request: Transfer) throws(ClickHouseError) -> [UInt8] {
    var transfer = request
    transfer.fields = [
      "X-ClickHouse-User: " + address.user, "X-ClickHouse-Key: " + address.password,
      "Content-Type: application/octet-stream",
    ]
    let answer: Answer
    do throws(TransferError) {
      answer = try http.perform(
        transfer, watching: { watch?.descriptor() ?? -1 },
        attend: {
          watch?.attend()
          return mayWait()
        })
    } catch {
      throw ClickHouseError(error, operation: operation)
    }
    guard answer.status == 200 else {
      throw ClickHouseError(status: answer.status, body: answer.body, operation: operation)
    }
    return answer.body
  }

  func url(_ parameters: [String: String]) -> String {
    var url = "\(address.scheme)://\(address.host):\(address.port)/?database="
    url += address.database.percentEncoded
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      url += "&" + name + "=" + value.percentEncoded
    }
    return url
  }
}
