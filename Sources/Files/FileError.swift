import Glibc

/// A call on a file that failed, with the error number it left.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  package let path: String
  package let code: Int32

  /// `code` is `errno` by default, so that it must be made right after the call.
  package init(_ operation: String, _ path: String, code: Int32 = errno) {
    self.code = code
    self.operation = operation
    self.path = path
  }

  package var description: String {
    "can't \(operation) \(path): \(String(cString: strerror(code)))"
  }
}
