internal import CCurl
internal import Glibc

/// A libcurl handle and the answer that it receives: set up for a transfer, run, and checked.
final class EasyHandle {
  let raw: UnsafeMutableRawPointer
  private let detail: UnsafeMutablePointer<CChar>
  private var fields: UnsafeMutablePointer<curl_slist>?
  private var answer: [UInt8] = []
  private var answerLimit = 0
  private var caution: Transfer.Caution?
  private var sink: ((UnsafeRawBufferPointer) -> Bool)?
  private var source: ((UnsafeMutableRawBufferPointer) -> Int?)?
  /// Whether the answer was ended at its limit.
  private var isCropped = false
  private var isUnix = false

  /// The C function: `curl_easy_init`.
  init() throws(TransferError) {
    guard let raw = curl_easy_init() else {
      throw TransferError(.unreachable, "libcurl has no memory for a handle")
    }
    self.raw = raw
    detail = .allocate(capacity: Int(CURL_ERROR_SIZE))
    detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(raw)
    curl_slist_free_all(fields)
    detail.deallocate()
  }

  /// Prepares a transfer.
  ///
  /// The C function: `curl_easy_setopt`, whose refusal can only mean an option this libcurl lacks.
  ///
  /// - Parameters:
  ///   - transfer: The request.
  ///   - body: The body of a POST; it must stay in place until the transfer has ended.
  /// - Throws: When this libcurl refuses an option.
  func prepare(_ transfer: Transfer, body: UnsafeBufferPointer<UInt8>) throws(TransferError) {
    curl_easy_reset(raw)
    answer = []
    answerLimit = transfer.answerLimit
    caution = transfer.caution
    (sink, source) = (transfer.sink, transfer.source)
    isCropped = false
    isUnix = transfer.unixSocket != nil
    detail.pointee = 0
    let codes =
      address(transfer) + limits(transfer) + method(transfer, body: body) + [takeAnswer()]
      + guarding() + trust(transfer)
    if let refused = codes.first(where: { $0 != CURLE_OK }) { throw error(refused) }
  }

  /// Lends the handle for the time of one transfer.
  func withRaw<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result { body(raw) }

  /// The answer of a successful transfer, once.
  ///
  /// The C function: `curl_easy_getinfo`.
  func finish() -> Answer {
    defer { answer = [] }
    return Answer(
      status: status, body: answer, contentType: text(CURLINFO_CONTENT_TYPE),
      redirect: text(CURLINFO_REDIRECT_URL),
      certificateEnd: certificateEnd)
  }

  /// Whether a transfer that ended with a code has an answer.
  func isComplete(_ code: CURLcode) -> Bool {
    code == CURLE_OK || isCropped && code == CURLE_WRITE_ERROR
  }

  private var status: Int {
    var status = 0
    _ = swiftlet_easy_get_long(raw, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  private func text(_ info: CURLINFO) -> String? {
    var text: UnsafePointer<CChar>?
    guard swiftlet_easy_get_string(raw, info, &text) == CURLE_OK else { return nil }
    return text.map { String(cString: $0) }
  }

  /// The error of a transfer that ended with a code other than `CURLE_OK`.
  func error(_ code: CURLcode) -> TransferError {
    var systemError = 0
    _ = swiftlet_easy_get_long(raw, CURLINFO_OS_ERRNO, &systemError)
    return TransferError(
      code: code, detail: String(cString: detail), systemError: Int32(systemError), isUnix: isUnix)
  }

  private func address(_ transfer: Transfer) -> [CURLcode] {
    var codes = [
      swiftlet_easy_set_pointer(raw, CURLOPT_ERRORBUFFER, detail),
      swiftlet_easy_set_string(raw, CURLOPT_URL, transfer.url),
      swiftlet_easy_set_string(raw, CURLOPT_PROTOCOLS_STR, "http,https"),
      swiftlet_easy_set_string(raw, CURLOPT_PROXY, ""),
      swiftlet_easy_set_string(raw, CURLOPT_NOPROXY, "*"),
      swiftlet_easy_set_long(raw, CURLOPT_FOLLOWLOCATION, 0),
      swiftlet_easy_set_long(raw, CURLOPT_NETRC, 0),
    ]
    if let path = transfer.unixSocket {
      codes.append(swiftlet_easy_set_string(raw, CURLOPT_UNIX_SOCKET_PATH, path))
    }
    return codes
  }

  private func limits(_ transfer: Transfer) -> [CURLcode] {
    let fresh = transfer.isFresh ? 1 : 0
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_TCP_NODELAY, 1),
      (CURLOPT_FRESH_CONNECT, fresh), (CURLOPT_FORBID_REUSE, fresh),
      (CURLOPT_CONNECTTIMEOUT_MS, transfer.connectTimeout), (CURLOPT_TIMEOUT_MS, transfer.timeout),
    ]
    return numbers.map { swiftlet_easy_set_long(raw, $0, $1) }
  }

  private func method(_ transfer: Transfer, body: UnsafeBufferPointer<UInt8>) -> [CURLcode] {
    setFields(transfer)
    let list = swiftlet_easy_set_list(raw, CURLOPT_HTTPHEADER, fields)
    switch transfer.kind {
    case .get: return [list]
    case .head: return [list, swiftlet_easy_set_long(raw, CURLOPT_NOBODY, 1)]
    case .connect: return [list, swiftlet_easy_set_long(raw, CURLOPT_CONNECT_ONLY, 1)]
    case .post:
      return [
        list, swiftlet_easy_set_long(raw, CURLOPT_POST, 1),
        swiftlet_easy_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
        // An empty body must be one, not a request to read it from stdin.
        body.isEmpty
          ? swiftlet_easy_set_string(raw, CURLOPT_POSTFIELDS, "")
          : swiftlet_easy_set_pointer(raw, CURLOPT_POSTFIELDS, body.baseAddress),
        swiftlet_easy_set_long(
          raw, CURLOPT_UPLOAD_BUFFERSIZE, body.count > 64 << 10 ? 512 << 10 : 64 << 10),
      ]
    case .upload(let count):
      return [
        list, swiftlet_easy_set_long(raw, CURLOPT_POST, 1),
        swiftlet_easy_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(count)),
        swiftlet_easy_set_long(raw, CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10), giveBody(),
      ]
    }
  }

  private func giveBody() -> CURLcode {
    swiftlet_easy_set_reader(
      raw,
      { bytes, size, count, context in
        guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
        let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
        let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        return handle.source?(buffer) ?? Int(CURL_READFUNC_ABORT)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Sets the header lines; without `Expect:` libcurl would wait for a 100 before a long body.
  private func setFields(_ transfer: Transfer) {
    curl_slist_free_all(fields)
    fields = nil
    for field in transfer.fields + ["Expect:"] { fields = curl_slist_append(fields, field) }
  }

  private func takeAnswer() -> CURLcode {
    swiftlet_easy_set_writer(
      raw,
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
        return handle.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    if let caution { return take(bytes, with: caution) }
    if let sink, status == 200 { return sink(bytes) ? bytes.count : 0 }
    guard answer.count + bytes.count <= answerLimit else { return 0 }
    answer.append(contentsOf: bytes)
    return bytes.count
  }
}

// MARK: - Strangers

extension EasyHandle {
  /// Lets only addresses that are admitted be connected to, after the name was resolved.
  ///
  /// The C functions: `CURLOPT_OPENSOCKETFUNCTION`, `socket`.
  private func guarding() -> [CURLcode] {
    guard caution != nil else { return [] }
    return [
      swiftlet_easy_set_string(raw, CURLOPT_ACCEPT_ENCODING, ""),
      swiftlet_easy_set_opener(
        raw,
        { context, _, address in
          guard let context, let address else { return CURL_SOCKET_BAD }
          let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
          guard let caution = handle.caution, let bytes = EasyHandle.bytes(of: address),
            caution.admits(bytes)
          else { return CURL_SOCKET_BAD }
          let (family, kind) = (address.pointee.family, address.pointee.socktype)
          return socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
        }, Unmanaged.passUnretained(self).toOpaque()),
    ]
  }

  /// The address that is to be connected to; nil for one that is not of the internet.
  private static func bytes(of address: UnsafeMutablePointer<curl_sockaddr>) -> [UInt8]? {
    let start = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
    let field: (offset: Int?, count: Int)
    switch address.pointee.family {
    case AF_INET: field = (MemoryLayout<sockaddr_in>.offset(of: \.sin_addr), 4)
    case AF_INET6: field = (MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr), 16)
    default: return nil
    }
    guard let offset = field.offset else { return nil }
    return Array(UnsafeRawBufferPointer(start: start + offset, count: field.count))
  }

  /// Takes a stranger's answer up to its limit, and ends it there.
  private func take(_ bytes: UnsafeRawBufferPointer, with caution: Transfer.Caution) -> Int {
    let limit = isWanted(caution) ? answerLimit : min(answerLimit, Transfer.Caution.otherLimit)
    let taken = bytes.prefix(max(0, limit - answer.count))
    answer.append(contentsOf: taken)
    isCropped = taken.count < bytes.count
    return taken.count
  }

  private func isWanted(_ caution: Transfer.Caution) -> Bool {
    let type = text(CURLINFO_CONTENT_TYPE)?.prefix { $0 != ";" && $0 != " " }.lowercased()
    return status == 200 && type.map(caution.mediaTypes.contains) ?? false
  }
}
