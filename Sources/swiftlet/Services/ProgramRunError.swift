import Glibc

/// A program that could not be started, or that has failed.
struct ProgramRunError: Error, CustomStringConvertible {
  enum Kind: Equatable {
    /// With the error number of the system.
    case notStarted(Int32)
    case failed([String], status: Int32, reason: String)
  }

  let program: String
  let kind: Kind

  var description: String {
    switch kind {
    case .notStarted(let code): "can't run \(program): \(String(cString: strerror(code)))"
    case .failed(let arguments, let status, let reason):
      "\(([program] + arguments).joined(separator: " ")) failed (status \(status)): \(reason)"
    }
  }
}
