internal import Glibc

/// Why a file of lines can't be read.
package struct LineFileError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let reason: String

  package var description: String { "\(path): \(reason)" }

  package init(_ path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String, errno code: Int32) {
    self.init(path, reason: String(cString: strerror(code)))
  }
}
