internal import CCurl

/// One HTTP request and its answer on a connection of libcurl: set up, run, judged once.
final class Transfer {
  private let raw: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var answer: [UInt8] = []
  private let answerLimit: Int

  /// - Parameter answerLimit: Most bytes of an answer that are taken in.
  init?(answerLimit: Int) {
    guard let raw = curl_easy_init() else { return nil }
    self.raw = raw
    self.answerLimit = answerLimit
  }

  deinit {
    curl_easy_cleanup(raw)
    curl_slist_free_all(headers)
  }

  /// Prepares a POST.
  ///
  /// The C function: `curl_easy_setopt`, whose refusal can only mean an option this libcurl lacks.
  ///
  /// - Parameters:
  ///   - url: With all of the query's parameters.
  ///   - fields: Lines `Name: value`.
  ///   - body: Must stay where it is until the transfer has ended.
  ///   - timeout: Milliseconds for all of it.
  ///   - isFresh: Whether it needs a connection of its own: libcurl sends a POST again when a kept
  ///     connection dies under it, which an INSERT must not.
  /// - Throws: When this libcurl won't have it.
  func prepare(
    url: String, fields: [String], body: UnsafeBufferPointer<UInt8>, timeout: Int, isFresh: Bool
  ) throws(ClickHouseError) {
    answer.removeAll()
    curl_easy_reset(raw)
    curl_slist_free_all(headers)
    headers = nil
    for field in fields + ["Expect:", "Content-Type: application/octet-stream"] {
      headers = curl_slist_append(headers, field)
    }
    let fresh = isFresh ? 1 : 0
    var codes = [
      swiftlet_easy_set_string(raw, CURLOPT_URL, url),
      swiftlet_easy_set_string(raw, CURLOPT_PROTOCOLS_STR, "http,https"),
      swiftlet_easy_set_string(raw, CURLOPT_PROXY, ""),
      swiftlet_easy_set_string(raw, CURLOPT_NOPROXY, "*"),
      swiftlet_easy_set_list(raw, CURLOPT_HTTPHEADER, headers),
      swiftlet_easy_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
      // An empty body must be one, not a request to read it from stdin.
      body.isEmpty
        ? swiftlet_easy_set_string(raw, CURLOPT_POSTFIELDS, "")
        : swiftlet_easy_set_pointer(raw, CURLOPT_POSTFIELDS, body.baseAddress),
    ]
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_POST, 1), (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NETRC, 0),
      (CURLOPT_FRESH_CONNECT, fresh), (CURLOPT_FORBID_REUSE, fresh), (CURLOPT_TCP_NODELAY, 1),
      (CURLOPT_CONNECTTIMEOUT_MS, min(timeout, 2000)), (CURLOPT_TIMEOUT_MS, timeout),
      (CURLOPT_UPLOAD_BUFFERSIZE, isFresh ? 512 << 10 : 64 << 10),
    ]
    for (option, value) in numbers { codes.append(swiftlet_easy_set_long(raw, option, value)) }
    codes.append(
      swiftlet_easy_set_writer(
        raw,
        { bytes, size, count, context in
          guard let bytes, let context else { return 0 }
          let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
          return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }, Unmanaged.passUnretained(self).toOpaque()))
    if let refused = codes.first(where: { $0 != CURLE_OK }) {
      throw ClickHouseError(code: refused, operation: "prepare a request")
    }
  }

  /// Lends the easy handle for the time of one transfer.
  func withRaw<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result { body(raw) }

  /// The answer's status and body, once the transfer has ended well.
  func finish() -> (status: Int, body: [UInt8]) {
    var status = 0
    _ = swiftlet_easy_get_long(raw, CURLINFO_RESPONSE_CODE, &status)
    defer { answer = [] }
    return (status, answer)
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard answer.count + bytes.count <= answerLimit else { return 0 }
    answer.append(contentsOf: bytes)
    return bytes.count
  }
}
