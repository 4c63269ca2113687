import Foundation
import Migrations
import TestSupport

/// The statements of migrations/README.md: what its blocks of SQL have, by the heading above them.
struct SchemaHandbook {
  private let text: String

  init() throws {
    text = try Repository.text("migrations/README.md")
  }

  /// The statements between a heading and the next one of any level.
  func statements(under heading: String) -> [String] {
    let section = text.components(separatedBy: "\n\(heading)\n").dropFirst().first ?? ""
    let end = section.range(of: "\n#")?.lowerBound ?? section.endIndex
    let blocks = section[..<end].components(separatedBy: "```sql\n").dropFirst()
    return blocks.flatMap { SQLScript.statements(in: $0.components(separatedBy: "\n```")[0]) }
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
  }
}
