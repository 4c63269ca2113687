package import Clicks
package import Files

/// One journal as the relay reads it.
package final class JournalFile {
  /// The content of a journal at some byte.
  package enum Piece {
    /// Whole lines: this many bytes of the buffer.
    case lines(Int)
    /// A line too long for a message: this many bytes with its line feed.
    ///
    /// Of a line longer than `pieceLimit` it is that many bytes; the rest is read as another piece.
    case tooLong(Int)
    /// No whole line yet.
    case nothing
  }

  /// The limit of bytes that are searched for a line's end at a time.
  static let pieceLimit = 16 << 20

  package let journal: JournalID
  private let file: File

  /// - Returns: Nil when the file is gone.
  /// - Throws: When it can't be opened or is no journal (`JournalDirectory.open`).
  package static func open(_ journal: JournalID, in directory: Directory) throws(FileError)
    -> JournalFile?
  {
    try JournalDirectory.open(journal, in: directory).map { JournalFile(journal, $0) }
  }

  private init(_ journal: JournalID, _ file: File) {
    self.journal = journal
    self.file = file
  }

  package func size() throws(FileError) -> Int { try file.size() }

  /// Whether the file has a name in its directory.
  package var isLinked: Bool { file.isLinked }

  /// Removes its name if the name still refers to this file.
  package func remove(from directory: Directory) throws(FileError) {
    let name = JournalDirectory.name(journal)
    let opened = try file.status()
    guard let named = directory.status(of: name), named.isSameFile(as: opened) else { return }
    try directory.remove(name)
  }

  /// Reads whole lines, beginning at a byte.
  package func read(
    at offset: Int, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Piece {
    let count = try file.read(at: offset, into: buffer)
    if let end = buffer[..<count].lastIndex(of: 0x0A) { return .lines(end + 1) }
    guard count == buffer.count else { return .nothing }
    var length = count
    while length < Self.pieceLimit {
      let more = try file.read(at: offset + length, into: buffer)
      if let end = buffer[..<more].firstIndex(of: 0x0A) { return .tooLong(length + end + 1) }
      if more < buffer.count { return .nothing }
      length += more
    }
    return .tooLong(length)
  }

  /// Runs `body` while the journal has no writer.
  ///
  /// Readers and the writer each open the file themselves. So the lock is refused while the
  /// writer's process has the file open.
  ///
  /// - Returns: Nil when the writer lives.
  package func withoutWriter<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    guard try file.lock() else { return nil }
    defer { file.unlock() }
    return try body()
  }

  /// Copies bytes into a separate file, through the buffer, and waits for the disk.
  ///
  /// - Returns: False when the copy exists already.
  package func setAside(
    from offset: Int, count: Int, to path: String, buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Bool {
    guard !File.exists(path) else { return false }
    let fresh = File.fresh(path)
    let copy = try File(fresh, for: .replacing)
    var done = 0
    while done < count {
      let part = UnsafeMutableBufferPointer(rebasing: buffer.prefix(count - done))
      let kept = try file.read(at: offset + done, into: part)
      if kept == 0 { break }
      // A hole in the file stays a hole.
      if part[..<kept].contains(where: { $0 != 0 }) { try copy.write(part[..<kept], at: done) }
      done += kept
    }
    try copy.resize(to: done)
    try copy.sync()
    try File.rename(fresh, to: path)
    return true
  }
}
