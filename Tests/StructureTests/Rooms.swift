import Foundation
import TestSupport

/// The rooms of Sources: as the handbook draws them, and as the package declares them.
struct Rooms {
  /// A row of the handbook's drawing: its name, and its rooms from left to right.
  struct Row {
    let name: String
    let rooms: [String]
  }

  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// From the programs down to the C libraries.
  let rows: [Row]
  /// What each target of Sources imports, other targets of this package only.
  let imports: [String: Set<String>]

  init() throws {
    rows = try Self.drawn()
    imports = try Self.declared()
  }

  /// Everything that a room imports, directly or by others.
  func reach(of room: String) -> Set<String> {
    var reached: Set<String> = []
    var next = [room]
    while let room = next.popLast() {
      for imported in imports[room] ?? [] where reached.insert(imported).inserted {
        next.append(imported)
      }
    }
    return reached
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The first block of Sources/README.md: a line for each row, its name first.
  private static func drawn() throws -> [Row] {
    let text = try String(contentsOf: root.appending(path: "Sources/README.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "```\n")
    guard parts.count >= 3 else { throw Unreadable(description: "Sources/README.md has no block") }
    return parts[1].split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      return Row(name: words[0], rooms: Array(words.dropFirst()))
    }
  }

  private struct Package: Decodable {
    struct Target: Decodable {
      let name: String
      let path: String
      let imports: [String]?

      enum CodingKeys: String, CodingKey {
        case name
        case path
        case imports = "target_dependencies"
      }
    }
    let targets: [Target]
  }

  private static func declared() throws -> [String: Set<String>] {
    let output = try Command.output(
      "/usr/bin/env",
      [
        "swift", "package", "--package-path", root.path, "--scratch-path",
        NSTemporaryDirectory() + "/swiftlet-describe-\(getpid())", "describe", "--type", "json",
      ])
    // Notes of the package manager may stand before it.
    guard let start = output.firstIndex(of: "{") else { throw Unreadable(description: output) }
    let package = try JSONDecoder().decode(Package.self, from: Data(output[start...].utf8))
    return Dictionary(
      uniqueKeysWithValues: package.targets.filter { $0.path.hasPrefix("Sources/") }
        .map { ($0.name, Set($0.imports ?? [])) })
  }
}
