import Foundation
import TestSupport

/// The processes of the stack, whoever has started them.
enum StackProcesses {
  /// Those of programs of some names.
  static func pids(of names: [String]) -> Set<pid_t> {
    guard let run = try? TestStack.value("SWIFTLET_RUN") else { return [] }
    let mark = Data("SWIFTLET_RUN=\(run)\0".utf8)
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(
      numbers.compactMap { pid_t($0) }.filter { pid in
        let program = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(pid)/exe")
        guard let program, names.contains(where: { program.hasSuffix("/\($0)") }) else {
          return false
        }
        let variables = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/environ"))
        return variables?.range(of: mark) != nil
      })
  }
}
