import Foundation

/// The processes that a process has started, by proc(5).
package enum ProcessTree {
  /// Those that it is the parent of.
  package static func children(of pid: Int32) -> [Int32] {
    let path = "/proc/\(pid)/task/\(pid)/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  /// The process itself with all of its descendants.
  package static func all(of pid: Int32) -> [Int32] { [pid] + children(of: pid).flatMap(all) }
}
