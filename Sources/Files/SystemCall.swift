import Glibc
import SystemPackage

/// Calls C functions that swift-system lacks, in the same way as swift-system does.
enum SystemCall {
  /// Calls a C function, and repeats it while a signal interrupts it (EINTR).
  ///
  /// - Parameter function: Returns a negative number when it fails, with `errno` set.
  /// - Returns: The function's result.
  /// - Throws: The function's error number.
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
