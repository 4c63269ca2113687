package import Clicks
package import Files
import Glibc

/// One journal as the relay reads it.
package final class JournalFile {
  /// What lies at a byte of a journal.
  package enum Piece {
    /// Whole lines, this many bytes of the buffer.
    case lines(Int)
    /// A line too long for a message, this many bytes with its line feed; of one that is longer than
    /// `longestPiece` so many bytes, and what follows is looked at anew.
    case tooLong(Int)
    /// No whole line yet.
    case nothing
  }

  /// Most bytes that are looked through for the end of a line at a time.
  static let longestPiece = 16 << 20

  package let journal: JournalID
  private let path: String
  private let descriptor: Int32

  /// - Returns: Nil when there is no such file any more.
  /// - Throws: Also for what is no journal (`JournalDirectory.open`).
  package static func open(_ journal: JournalID, in directory: Directory) throws(FileError)
    -> JournalFile?
  {
    guard let descriptor = try JournalDirectory.open(journal, in: directory) else { return nil }
    let path = "\(directory.path)/\(JournalDirectory.name(journal))"
    return JournalFile(journal: journal, path: path, adopting: descriptor)
  }

  private init(journal: JournalID, path: String, adopting descriptor: Int32) {
    self.journal = journal
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  package func size() throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("look at", path) }
    return Int(status.st_size)
  }

  /// Whether the file has a name in its directory.
  package var isLinked: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Removes its name, if that still stands for this file.
  package func remove(from directory: Directory) throws(FileError) {
    let name = JournalDirectory.name(journal)
    var opened = stat()
    guard fstat(descriptor, &opened) == 0 else { throw FileError("look at", path) }
    guard let named = directory.status(of: name), named.isSameFile(as: opened) else { return }
    try directory.remove(name)
  }

  /// Reads whole lines from a byte on.
  package func read(
    at offset: Int, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Piece {
    let count = try pread(at: offset, into: buffer)
    if let end = buffer[..<count].lastIndex(of: 0x0A) { return .lines(end + 1) }
    guard count == buffer.count else { return .nothing }
    var length = count
    while length < Self.longestPiece {
      let more = try pread(at: offset + length, into: buffer)
      if let end = buffer[..<more].firstIndex(of: 0x0A) { return .tooLong(length + end + 1) }
      if more < buffer.count { return .nothing }
      length += more
    }
    return .tooLong(length)
  }

  /// Runs `body` while no writer can live.
  ///
  /// The C function: `flock`. Readers and the writer open the file each for themselves, so the lock
  /// is refused as long as the writer's process has it open.
  ///
  /// - Returns: Nil when the writer lives.
  package func withoutWriter<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  /// Copies bytes into a file of their own, through the buffer, and waits until the disk has it.
  ///
  /// - Returns: False when they are there already.
  package func setAside(
    from offset: Int, count: Int, to path: String, buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Bool {
    guard access(path, F_OK) != 0 else { return false }
    let fresh = path + ".new"
    let copy = Glibc.open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard copy >= 0 else { throw FileError("make", fresh) }
    defer { close(copy) }
    var done = 0
    while done < count {
      let part = UnsafeMutableBufferPointer(rebasing: buffer.prefix(count - done))
      let kept = try pread(at: offset + done, into: part)
      if kept == 0 { break }
      // A hole in the file stays a hole.
      if part[..<kept].contains(where: { $0 != 0 }) {
        let written = pwrite(copy, part.baseAddress, kept, off_t(done))
        guard written == kept else {
          throw FileError("write", fresh, code: written < 0 ? errno : ENOSPC)
        }
      }
      done += kept
    }
    guard ftruncate(copy, off_t(done)) == 0, fsync(copy) == 0 else {
      throw FileError("write", fresh)
    }
    guard rename(fresh, path) == 0 else { throw FileError("rename", fresh) }
    return true
  }

  private func pread(
    at offset: Int, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Int {
    var count = 0
    while count < buffer.count {
      guard let base = buffer.baseAddress else { return 0 }
      let read = Glibc.pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
      if read == 0 { break }
      if read < 0 {
        if errno == EINTR { continue }
        throw FileError("read", path)
      }
      count += read
    }
    return count
  }
}
