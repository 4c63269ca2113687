import Clicks
import Text

/// Why a request log can't tell the answered redirects.
package enum RequestLogError: Error, Equatable, CustomStringConvertible {
  /// A file doesn't exist, can't be read, or is damaged.
  case unreadable(path: String, reason: String)
  /// The file at a path was replaced between two looks.
  case rotated(path: String)
  /// No line has the log's format.
  case noLines(path: String, lines: Int)
  /// The log and its rotations begin after the requested time; seconds since 1970.
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
