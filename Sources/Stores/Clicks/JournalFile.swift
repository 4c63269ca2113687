import Clicks
import Glibc

/// One journal as the relay reads it.
final class JournalFile {
  /// What lies at a byte of a journal.
  enum Piece {
    /// Whole lines, this many bytes of the buffer.
    case lines(Int)
    /// One line too long for a message, this many bytes with its line feed.
    case tooLong(Int)
    /// No whole line yet.
    case nothing
  }

  let journal: JournalID
  let path: String
  private let descriptor: Int32
  private var lastSize = 0

  /// - Returns: Nil when there is no such file any more.
  static func open(_ journal: JournalID, in directory: JournalDirectory) throws(FileError)
    -> JournalFile?
  {
    let path = directory.file(journal)
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let error = FileError("open", path)
      if error.code == ENOENT { return nil }
      throw error
    }
    return JournalFile(journal: journal, path: path, adopting: descriptor)
  }

  private init(journal: JournalID, path: String, adopting descriptor: Int32) {
    self.journal = journal
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  func size() throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("look at", path) }
    return Int(status.st_size)
  }

  /// Whether the file has a name in its folder.
  var isLinked: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Reads whole lines from a byte on.
  func read(
    at offset: Int, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Piece {
    let count = try pread(at: offset, into: buffer)
    if let end = buffer[..<count].lastIndex(of: 0x0A) { return .lines(end + 1) }
    guard count == buffer.count else { return .nothing }
    var length = count
    while true {
      let more = try pread(at: offset + length, into: buffer)
      if let end = buffer[..<more].firstIndex(of: 0x0A) { return .tooLong(length + end + 1) }
      if more < buffer.count { return .nothing }
      length += more
    }
  }

  /// Runs `body` while no writer can live.
  ///
  /// The C function: `flock`. Readers and the writer open the file each for themselves, so the lock
  /// is refused as long as the writer's process has it open.
  ///
  /// - Returns: Nil when the writer lives.
  func withoutWriter<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  /// Copies bytes into a file of their own, no more than the buffer holds.
  func setAside(
    from offset: Int, count: Int, to path: String, buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) {
    let kept = try pread(
      at: offset, into: UnsafeMutableBufferPointer(rebasing: buffer.prefix(count)))
    let copy = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard copy >= 0 else { throw FileError("make", path) }
    defer { close(copy) }
    guard write(copy, buffer.baseAddress, kept) == kept, fsync(copy) == 0 else {
      throw FileError("write", path)
    }
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
