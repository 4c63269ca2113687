import Clicks
import Text

/// Why a request log can't say which redirects were answered.
package enum RequestLogError: Error, Equatable, CustomStringConvertible {
  /// A file is not there, may not be read, or is damaged.
  case unreadable(path: String, reason: String)
  /// The file at a path became another one between two looks.
  case rotated(path: String)
  /// No line is of the log's format.
  case noLines(path: String, lines: Int)
  /// The log and its rotations begin later than they are asked about; seconds since 1970.
  case beginsLate(path: String, oldest: Int64)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .rotated(let path): "\(path) was rotated meanwhile: run the command again"
    case .noLines(let path, 0): "\(path) has no lines: nothing can be compared"
    case .noLines(let path, let lines):
      "\(path): none of \(lines) lines is of Swiftlet's request log"
    case .beginsLate(let path, let oldest):
      "\(path) and its rotations begin at \(RFC3339.string(seconds: oldest)), after --since: "
        + "give older copies with --log, or a later --since"
    }
  }
}
