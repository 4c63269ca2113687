import Foundation
import TestSupport

/// What the workers counted as dropped since the journals' folder was made.
enum Drops {
  static var counted: Int {
    guard let folder = try? TestStack.value("JOURNAL_DIR"),
      let text = try? String(contentsOfFile: folder + "/.dropped", encoding: .utf8)
    else { return 0 }
    return text.split(separator: "\n").reduce(0) { $0 + (Int($1) ?? 0) }
  }
}
