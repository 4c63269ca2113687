import Glibc
import SystemPackage

/// How the C functions are called that swift-system lacks: as it calls its own.
enum SystemCall {
  /// Calls a C function, again while a signal interrupts it (EINTR).
  ///
  /// - Parameter function: Returns less than 0 when it fails, with `errno` set.
  /// - Returns: What it returned.
  /// - Throws: The error number it left.
  @discardableResult
  static func retry(_ function: () -> Int32) throws(Errno) -> Int32 {
    while true {
      let result = function()
      if result >= 0 { return result }
      let error = Errno(rawValue: errno)
      guard error == .interrupted else { throw error }
    }
  }
}
