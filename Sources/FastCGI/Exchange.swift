import CFastCGI

/// One request and its answer; ending its life ends the request.
///
/// What it lends (parameters, body) is copied out: libfcgi frees it with the request.
package struct Exchange: ~Copyable {
  private let raw: UnsafeMutablePointer<FCGX_Request>

  init(adopting raw: UnsafeMutablePointer<FCGX_Request>) {
    self.raw = raw
  }

  deinit {
    // On a connection that is kept, what is left of this request would be taken for the next one.
    if raw.pointee.keepConnection != 0 { while FCGX_GetChar(raw.pointee.in) >= 0 {} }
    FCGX_Finish_r(raw)
  }

  /// The value of a parameter; bytes that are not UTF-8 become U+FFFD.
  ///
  /// The C function: `FCGX_GetParam`.
  package func parameter(_ name: StaticString) -> String? {
    name.withUTF8Buffer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        guard let start = characters.baseAddress,
          let value = FCGX_GetParam(start, raw.pointee.envp)
        else { return nil }
        return String(cString: value)
      }
    }
  }

  /// The body, or nil when it is longer than `limit` bytes or ends before its stated length.
  ///
  /// The C function: `FCGX_GetStr`.
  package func body(upTo limit: Int) -> [UInt8]? {
    let stated = parameter("CONTENT_LENGTH").flatMap { Int($0) } ?? 0
    guard stated > 0 else { return [] }
    guard stated <= limit else { return nil }
    let bytes = [UInt8](unsafeUninitializedCapacity: stated) { buffer, count in
      let read = buffer.withMemoryRebound(to: CChar.self) {
        FCGX_GetStr($0.baseAddress, Int32(stated), raw.pointee.in)
      }
      count = Int(max(read, 0))
    }
    return bytes.count == stated ? bytes : nil
  }

  /// Adds bytes to the answer, which begins with header lines and a blank one.
  ///
  /// The C function: `FCGX_PutStr`. It buffers; a peer that has gone away shows at the end of the
  /// request and is nobody's error.
  package func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.bindMemory(to: CChar.self).baseAddress else { return }
      FCGX_PutStr(start, Int32(buffer.count), raw.pointee.out)
    }
  }
}
