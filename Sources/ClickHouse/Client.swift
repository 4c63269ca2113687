internal import CCurl
internal import Glibc

/// A server of ClickHouse, asked over its HTTP interface.
///
/// Each call waits for its answer; while it waits it can attend to another descriptor, so that the
/// heartbeats of a broker's connection go on during a slow insert without a thread of their own.
package final class Client {
  /// Another descriptor to attend to during a wait.
  ///
  /// `attend` is called whenever the descriptor can be read from, and at least once a second.
  package struct Watch {
    let descriptor: () -> Int32
    let attend: () -> Void

    /// - Parameters:
    ///   - descriptor: Asked before each wait; -1 for none at the moment.
    ///   - attend: Called after each wait.
    package init(descriptor: @escaping () -> Int32, attend: @escaping () -> Void) {
      self.descriptor = descriptor
      self.attend = attend
    }
  }

  package let address: ServerAddress
  /// Used by statements that carry no time-out of their own; milliseconds.
  package let timeout: Int
  private let multi: OpaquePointer
  /// Kept between questions so that their connection is; an insert has one of its own each time.
  private let kept: Transfer
  private var version: ServerVersion?

  /// Prepares for requests; nothing is sent yet.
  ///
  /// The C function: `curl_multi_init`.
  package init(_ address: ServerAddress, timeout: Int) throws(ClickHouseError) {
    guard let multi = curl_multi_init(), let kept = Transfer(answerLimit: 256 << 20) else {
      throw ClickHouseError(code: CURLE_OUT_OF_MEMORY, operation: "start libcurl")
    }
    self.address = address
    self.timeout = timeout
    self.multi = OpaquePointer(multi)
    self.kept = kept
  }

  deinit {
    curl_multi_cleanup(UnsafeMutableRawPointer(multi))
  }

  /// Asks a SELECT and waits for all of its rows.
  ///
  /// - Parameters:
  ///   - sql: Without a FORMAT clause.
  ///   - settings: Settings of the server for this query.
  ///   - milliseconds: The time-out; the client's own when nil.
  ///   - watch: Attended to while waiting.
  /// - Returns: The rows.
  /// - Throws: Any failure; a SELECT may be asked again.
  package func select(
    _ sql: SQL, settings: [String: String] = [:], timeout milliseconds: Int? = nil,
    watch: Watch? = nil
  ) throws(ClickHouseError) -> Rows {
    let limit = milliseconds ?? timeout
    var parameters = settings
    parameters["wait_end_of_query"] = "1"
    parameters["max_execution_time"] = String((limit + 999) / 1000)
    parameters["default_format"] = "TabSeparated"
    let answer = try sql.bytes.withPointer { body throws(ClickHouseError) in
      try perform(
        "select", parameters, body: body, timeout: limit, isFresh: false, watch: watch)
    }
    return Rows(tabSeparated: answer)
  }

  /// Carries out a statement that answers nothing, such as those of a migration.
  ///
  /// - Throws: When it isn't known to be carried out.
  package func execute(
    _ sql: SQL, settings: [String: String] = [:], queryID: String? = nil,
    timeout milliseconds: Int? = nil, watch: Watch? = nil
  ) throws(ClickHouseError) {
    var parameters = settings
    parameters["wait_end_of_query"] = "1"
    parameters["query_id"] = queryID
    let answer = try sql.bytes.withPointer { body throws(ClickHouseError) in
      try perform(
        "execute", parameters, body: body, timeout: milliseconds ?? timeout, isFresh: true,
        watch: watch)
    }
    try Self.requireEmpty(answer, of: "execute")
  }

  /// Inserts one block.
  ///
  /// - Parameters:
  ///   - statement: `INSERT INTO … (…) FORMAT Native`.
  ///   - block: The rows.
  ///   - queryID: By which the query can be found among those that run.
  ///   - settings: Settings of the server for this query.
  ///   - milliseconds: The time-out.
  ///   - watch: Attended to while waiting.
  /// - Throws: `isOutcomeUnknown` says whether the rows may be in the table all the same.
  package func insert(
    _ statement: SQL, _ block: NativeBlock, queryID: String, settings: [String: String] = [:],
    timeout milliseconds: Int, watch: Watch? = nil
  ) throws(ClickHouseError) {
    var parameters = settings
    parameters["query"] = String(decoding: statement.bytes, as: UTF8.self)
    parameters["query_id"] = queryID
    let answer = try block.bytes.withPointer { body throws(ClickHouseError) in
      try perform(
        "insert", parameters, body: body, timeout: milliseconds, isFresh: true, watch: watch)
    }
    try Self.requireEmpty(answer, of: "insert")
  }

  /// The server's version, asked once.
  package func serverVersion(watch: Watch? = nil) throws(ClickHouseError) -> ServerVersion {
    if let version { return version }
    let text = try select("SELECT version()", watch: watch).first?.first ?? ""
    guard let parsed = ServerVersion(text) else {
      throw ClickHouseError(cause: .unexpected, operation: "ask the version", message: text)
    }
    version = parsed
    return parsed
  }

  private static func requireEmpty(
    _ answer: [UInt8], of operation: String
  ) throws(ClickHouseError) {
    guard answer.isEmpty else {
      throw ClickHouseError(status: 200, body: answer, operation: operation)
    }
  }

  private func perform(
    _ operation: String, _ parameters: [String: String], body: UnsafeBufferPointer<UInt8>,
    timeout: Int, isFresh: Bool, watch: Watch?
  ) throws(ClickHouseError) -> [UInt8] {
    let transfer: Transfer
    if isFresh {
      guard let own = Transfer(answerLimit: 1 << 20) else {
        throw ClickHouseError(code: CURLE_OUT_OF_MEMORY, operation: operation)
      }
      transfer = own
    } else {
      transfer = kept
    }
    try transfer.prepare(
      url: url(parameters),
      fields: ["X-ClickHouse-User: " + address.user, "X-ClickHouse-Key: " + address.password],
      body: body, timeout: timeout, isFresh: isFresh)
    let code = run(transfer, watch: watch)
    guard code == CURLE_OK else { throw ClickHouseError(code: code, operation: operation) }
    let (status, answer) = transfer.finish()
    guard status == 200 else {
      throw ClickHouseError(status: status, body: answer, operation: operation)
    }
    return answer
  }

  /// Runs one transfer to its end.
  ///
  /// The C functions: `curl_multi_perform`, `curl_multi_poll` with one more descriptor.
  private func run(_ transfer: Transfer, watch: Watch?) -> CURLcode {
    let multi = UnsafeMutableRawPointer(multi)
    return transfer.withRaw { easy in
      guard curl_multi_add_handle(multi, easy) == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
      defer { curl_multi_remove_handle(multi, easy) }
      while true {
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_SEND_ERROR }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
          if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        var extra = curl_waitfd(
          fd: watch?.descriptor() ?? -1, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        let status = curl_multi_poll(multi, &extra, extra.fd < 0 ? 0 : 1, 1000, nil)
        guard status == CURLM_OK else { return CURLE_RECV_ERROR }
        watch?.attend()
      }
    }
  }

  private func url(_ parameters: [String: String]) -> String {
    var url = "\(address.scheme)://\(address.host):\(address.port)/?database="
    url += Self.percentEncoded(address.database)
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      url += "&" + name + "=" + Self.percentEncoded(value)
    }
    return url
  }

  /// Bytes outside RFC 3986's unreserved ones as `%XX`.
  private static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        out.append(byte)
      default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

extension [UInt8] {
  /// `withUnsafeBufferPointer` that keeps the type of what is thrown.
  fileprivate func withPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = withUnsafeBufferPointer { pointer -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(pointer)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
