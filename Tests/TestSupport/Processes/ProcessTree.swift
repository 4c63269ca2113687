import Foundation

/// What proc(5) tells of a process and of those that it has started.
package enum ProcessTree {
  /// Those that it is the parent of.
  package static func children(of pid: Int32) -> [Int32] {
    let path = "/proc/\(pid)/task/\(pid)/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  /// The process itself with all of its descendants.
  package static func all(of pid: Int32) -> [Int32] { [pid] + children(of: pid).flatMap(all) }

  /// The letter of proc(5): T is stopped, t stopped by a tracer, Z ended; nil when the process is
  /// gone.
  package static func state(of pid: Int32) -> String? {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return text.split(separator: ")").last?.split(separator: " ").first.map(String.init)
  }
}
