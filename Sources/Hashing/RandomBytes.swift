import CSodium
import Glibc

/// Bytes that nobody can foretell.
package enum RandomBytes {
  /// Some of them from the kernel.
  ///
  /// The C function: `getrandom`, which gives up to 256 bytes whole.
  package static func make(_ count: Int) -> [UInt8] {
    precondition((1...256).contains(count))
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = getrandom(&bytes, count, 0)
      if got == count { return bytes }
      precondition(got < 0 && errno == EINTR, "the kernel has no random bytes")
    }
  }
}
