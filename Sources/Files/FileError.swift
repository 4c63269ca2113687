import Glibc
import SystemPackage

/// A call on a file that failed, with the error number it left.
package struct FileError: Error, Equatable, CustomStringConvertible {
  let operation: String
  package let path: String
  package let code: Int32

  package init(_ operation: String, _ path: String, code: Int32) {
    self.code = code
    self.operation = operation
    self.path = path
  }

  /// From what swift-system throws: always an `Errno`.
  init(_ operation: String, _ path: String, _ error: any Error) {
    self.init(operation, path, code: (error as? Errno)?.rawValue ?? EIO)
  }

  /// What the system says of the error number.
  package var reason: String { Errno(rawValue: code).description }

  package var description: String { "can't \(operation) \(path): \(reason)" }
}
