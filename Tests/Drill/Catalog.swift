import Foundation

/// What `drill --list` prints: every drill by its part, with its claim, and the words for several.
enum Catalog {
  static var text: String {
    let parts = Part.allCases.map { part in "\(part)\n\(lines(of: part.drills))" }
    let choices = Selection.Choice.allCases.map { line($0.rawValue, $0.meaning) }
    let several = "several at once, besides the parts\n" + choices.joined(separator: "\n")
    return (parts + [several]).joined(separator: "\n\n")
  }

  static func lines(of drills: [Drill]) -> String {
    drills.map { line($0.name, $0.claim) }.joined(separator: "\n")
  }

  private static func line(_ name: String, _ meaning: String) -> String {
    "  " + name.padding(toLength: max(width, name.count), withPad: " ", startingAt: 0) + "  "
      + meaning
  }

  /// That of the longest name.
  private static let width = Drills.named.map(\.name.count).max() ?? 0
}
