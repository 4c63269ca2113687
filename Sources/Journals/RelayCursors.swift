package import Clicks
package import Files
import Glibc
package import Service

/// The relay's saved progress: for each journal the byte up to which the broker has it.
///
/// It may lag behind: clicks published twice are stored once. The file is replaced as a whole, so a
/// crash leaves the old one or the new one.
package struct RelayCursors {
  private let state: StateDirectory
  private var path: String { state.cursors }
  private var saved: [JournalID: Int] = [:]

  package init(_ state: StateDirectory) {
    self.state = state
  }

  /// Reads the saved progress; a missing file and invalid lines count as no progress.
  package mutating func load() throws(FileError) -> [JournalID: Int] {
    do throws(FileError) {
      saved = Self.parse(try File(path, for: .reading).bytes())
      return saved
    } catch {
      guard error.code == ENOENT else { throw error }
      return [:]
    }
  }

  /// Reads the file's lines, `<journal> <offset>`; invalid lines are skipped.
  package static func parse(_ bytes: [UInt8]) -> [JournalID: Int] {
    var cursors: [JournalID: Int] = [:]
    for line in bytes.split(separator: 0x0A) {
      let parts = line.split(separator: 0x20)
      guard parts.count == 2, let journal = JournalID(hex: parts[0]),
        let offset = Int(String(decoding: parts[1], as: UTF8.self)), offset >= 0
      else { continue }
      cursors[journal] = offset
    }
    return cursors
  }

  /// The file's text for these cursors, one line each.
  package static func text(_ cursors: [JournalID: Int]) -> String {
    cursors.map { "\($0.key) \($0.value)\n" }.sorted().joined()
  }

  /// Saves the progress if it has changed.
  package mutating func save(_ ends: [JournalID: Int]) throws(FileError) {
    guard ends != saved else { return }
    try File.replace(path, with: Array(Self.text(ends).utf8))
    saved = ends
  }
}
