import CFastCGI
import Glibc

/// One request and its answer; the end of its lifetime ends the request.
///
/// The parameters are lent: libfcgi frees them with the request. A body is copied.
package struct Exchange: ~Copyable {
  private let raw: UnsafeMutablePointer<FCGX_Request>
  /// A bit for the first letter of each parameter's name: most that are asked for are not there.
  private let initials: UInt32

  init(adopting raw: UnsafeMutablePointer<FCGX_Request>) {
    self.raw = raw
    initials = swiftlet_initials(raw.pointee.envp)
  }

  deinit {
    // On a kept connection, the unread rest of this request would be read as the next one.
    if raw.pointee.keepConnection != 0 { while FCGX_GetChar(raw.pointee.in) >= 0 {} }
    FCGX_Finish_r(raw)
  }

  /// The value of a parameter, lent until the exchange ends.
  ///
  /// What `FCGX_GetParam` does, with fewer comparisons.
  package func parameter(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
    guard initials & 1 << UInt32(name.utf8Start.pointee & 31) != 0 else { return nil }
    let start = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    guard let value = swiftlet_parameter(raw.pointee.envp, start, name.utf8CodeUnitCount) else {
      return nil
    }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: strlen(value))
  }

  /// The body, or nil when it is longer than `limit` bytes or ends before its stated length.
  ///
  /// The C function: `FCGX_GetStr`.
  package func body(upTo limit: Int) -> [UInt8]? {
    let stated =
      parameter("CONTENT_LENGTH").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
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
  /// The C function: `FCGX_PutStr`. It buffers. A peer that has hung up shows at the end of the
  /// request, and is no error.
  package func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = UnsafeRawPointer(bytes.baseAddress) else { return }
    FCGX_PutStr(start.assumingMemoryBound(to: CChar.self), Int32(bytes.count), raw.pointee.out)
  }
}
