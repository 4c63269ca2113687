import Foundation

/// One page of the documentation: its links, and the commands that it names.
struct Handbook {
  static let paths = [
    "README.md", "supervisor/README.md", "nginx-config/README.md", "migrations/README.md",
    "Sources/README.md", "Tests/README.md", "Tests/Bench/README.md",
  ]

  let path: String
  let text: String

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Rooms.root.appending(path: path), encoding: .utf8)
  }

  /// The text without its fenced blocks.
  var prose: String {
    text.components(separatedBy: "\n```").enumerated().filter { $0.offset % 2 == 0 }
      .map(\.element).joined(separator: "\n")
  }

  /// Where the links lead, but for those to other sites: a path and a heading, either may be empty.
  var links: [(path: Substring, heading: Substring)] {
    prose.matches(of: /\]\(([^)#:]*)(?:#([^)]*))?\)/).map { ($0.1, $0.2 ?? "") }
  }

  /// The names by which links reach the headings, as GitHub makes them.
  var headings: Set<String> {
    var seen: [String: Int] = [:]
    return Set(
      prose.matches(of: /(?m)^#+ (.+)$/).map { match in
        let name = match.1.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
          .replacingOccurrences(of: " ", with: "-")
        let count = seen[name, default: 0]
        seen[name] = count + 1
        return count == 0 ? name : "\(name)-\(count)"
      })
  }

  /// What stands in code spans.
  var spans: [Substring] { prose.matches(of: /`([^`\n]+)`/).map(\.1) }

  /// The words behind `make ` in commands.
  var verbs: [Substring] {
    text.matches(of: /(?m)(?:`|^|[A-Z]=\S+ )make ([a-z]+)/).map(\.1)
  }

  /// The parts of each `FILTER=…`.
  var filters: [Substring] {
    text.matches(of: /FILTER=(?:'([^']+)'|([A-Za-z]+))/)
      .flatMap { ($0.1 ?? $0.2 ?? "").split(separator: #"\|"#) }
  }
}
