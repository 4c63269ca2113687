package import Clicks
package import Files
import Glibc

/// The directory of the journals: `<16 hexadecimal digits>.ndjson`, one file a journal.
///
/// nginx's user may write to it too. So each file is checked before it is read (`isJournal`), and
/// the programs keep nothing else there.
///
/// A click log that a web server writes itself will be a second kind of journal, told apart by its
/// name here.
package struct JournalDirectory: Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// Makes the directory, and those above it, if they aren't there.
  package func make() throws(FileError) { try Directory.make(path, mode: 0o750) }

  package func file(_ journal: JournalID) -> String { "\(path)/\(Self.name(journal))" }

  static func name(_ journal: JournalID) -> String { "\(journal).ndjson" }

  /// Whether a file of the directory can be a journal.
  ///
  /// A journal is a regular file with one name. This user owns it, or its group is the directory's.
  ///
  /// In a directory with mode 2770 every new file gets the directory's group. So files of nginx's
  /// user are accepted, and files made elsewhere are not.
  static func isJournal(_ file: stat, in directory: stat) -> Bool {
    file.isRegularFile && file.st_nlink == 1
      && (file.st_uid == user || file.st_gid == directory.st_gid)
  }

  /// The user of this process; it never changes.
  private static let user = geteuid()

  /// Opens a journal for reading.
  ///
  /// - Returns: Nil when it is gone.
  /// - Throws: When it can't be opened or is no journal; EPERM for an unexpected owner.
  static func open(_ journal: JournalID, in directory: Directory) throws(FileError) -> File? {
    guard let (file, status) = try directory.openFile(name(journal)) else { return nil }
    // Its last name may have been removed meanwhile.
    guard status.st_nlink == 1 else { return nil }
    guard isJournal(status, in: try directory.status()) else {
      throw FileError("take for a journal", file.path, code: EPERM)
    }
    return file
  }

  /// Calls `body` with each name that a journal may have, in no order.
  package func visit(_ body: (JournalEntry) -> Void) throws(FileError) {
    let walk = JournalWalk(self)
    while try !walk.step(atMost: .max, body) {}
  }

  /// The journals there are now, in no order.
  package func journals() throws(FileError) -> [JournalID] {
    var found: [JournalID] = []
    try visit { entry in
      if entry.isJournal { found.append(entry.journal) }
    }
    return found
  }

  /// Calls `body` with each line of a journal, without its line feed; a missing journal has no
  /// lines.
  ///
  /// It holds 1 MiB of the journal at a time; a longer line is no click.
  ///
  /// - Parameters:
  ///   - journal: Its name.
  ///   - body: Returns whether to go on.
  /// - Returns: False once `body` has.
  /// - Throws: When it can't be read or is no journal.
  package func forEachLine(
    of journal: JournalID, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) throws(FileError) -> Bool {
    guard let file = try Self.open(journal, in: Directory(path)) else { return true }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 20)
    buffer.initialize(repeating: 0)
    defer { buffer.deallocate() }
    var offset = 0
    var end = 0
    while true {
      let room = UnsafeMutableBufferPointer(rebasing: buffer[end...])
      let count = try file.read(at: offset, into: room)
      if count == 0 { return true }
      offset += count
      end += count
      var start = 0
      while let feed = buffer[start..<end].firstIndex(of: 0x0A) {
        guard body(UnsafeBufferPointer(rebasing: buffer[start..<feed])) else { return false }
        start = feed + 1
      }
      let rest = end - start
      if start > 0, let base = buffer.baseAddress { memmove(base, base + start, rest) }
      end = rest == buffer.count ? 0 : rest
    }
  }

  /// The bytes of all journals.
  package func bytes() throws(FileError) -> Int {
    var sum = 0
    try visit { sum = $0.adding(to: sum) }
    return sum
  }

  /// Waits until the disk has a journal's bytes (`fdatasync`).
  ///
  /// - Returns: False when it is gone.
  package static func sync(_ journal: JournalID, in directory: Directory) throws(FileError) -> Bool
  {
    guard let file = try open(journal, in: directory) else { return false }
    try file.syncBytes()
    return true
  }
}
