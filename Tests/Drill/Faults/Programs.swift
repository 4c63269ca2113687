import Foundation
import TestSupport

/// Swiftlet's own programs, started again with other variables for as long as a drill wants.
enum Programs {
  /// A file for each choice of components, so that one choice outlasts another.
  private static func settings(of components: [Component]) throws -> String {
    let names = components.map(\.rawValue).joined(separator: "-")
    return try TestStack.value("SWIFTLET_RUN") + "/conf.d/zz-drill-\(names).conf"
  }

  /// Restarts components of the stack with these variables in addition to their own.
  static func give(_ variables: [String: String], to components: [Component]) throws {
    let sections = try components.map { component in
      guard let section = component.section else { throw DrillError("\(component) is not ours") }
      // This one stands in swiftlet.conf.
      let role = component.role.map { ["SHORTENER_ROLE": $0] } ?? [:]
      let all = variables.merging(role) { own, _ in own }
      let list = all.sorted { $0.key < $1.key }.map { name, value in
        "\(name)=\"\(value.replacingOccurrences(of: "%", with: "%%"))\""
      }
      return "[\(section)]\nenvironment=\(list.joined(separator: ","))\n"
    }
    // A later file's value goes before an earlier one's.
    try sections.joined().write(
      toFile: try settings(of: components), atomically: true, encoding: .utf8)
    try update(components)
  }

  /// Restarts them as they were.
  static func withdraw(_ components: [Component]) throws {
    unlink(try settings(of: components))
    try update(components)
  }

  private static func update(_ components: [Component]) throws {
    try Supervisor.update()
    let areUp = try eventually(seconds: 30) { try components.allSatisfy { try !$0.pids.isEmpty } }
    guard areUp else { throw DrillError("not all of \(components) run") }
    // Until they have connected.
    usleep(1_500_000)
  }
}
