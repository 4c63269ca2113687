package import Glibc
import SystemPackage

/// A file that is open; closed with the last reference to it.
///
/// A call that a signal interrupts is made again. What swift-system lacks is called in C
/// (`SystemCall`).
package final class File {
  /// What a file is opened for; one that is made has mode 0640.
  package enum Purpose {
    case reading
    /// Reading what is there now: no writer of a pipe is waited for.
    case readingAtOnce
    /// Reading and writing what is there.
    case updating
    /// The same, made where it is missing.
    case sharing
    /// Writing it anew: made, or emptied.
    case replacing
    /// Writing at its end: made where it is missing.
    case appending
    /// Writing at its end, made now: EEXIST when it is there.
    case beginning
  }

  package let path: String
  let descriptor: FileDescriptor
  /// For a C function that takes one; it must not close it.
  package var rawDescriptor: Int32 { descriptor.rawValue }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - purpose: What for.
  ///   - followsLinks: Whether the path, one that the operator set, may be a symbolic link; else that
  ///     is an error (ELOOP).
  /// - Throws: When it can't be opened.
  package init(
    _ path: String, for purpose: Purpose, followsLinks: Bool = false
  ) throws(FileError) {
    var options = purpose.options.union(.closeOnExec)
    if !followsLinks { options.insert(.noFollow) }
    do {
      descriptor = try .open(
        path, purpose.mode, options: options, permissions: FilePermissions(rawValue: 0o640))
    } catch {
      throw FileError("open", path, error)
    }
    self.path = path
  }

  init(adopting descriptor: FileDescriptor, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { try? descriptor.close() }

  // MARK: - What it is

  package func status() throws(FileError) -> stat {
    do throws(Errno) { return try Stat(descriptor).rawValue } catch {
      throw FileError("look at", path, error)
    }
  }

  package func size() throws(FileError) -> Int { Int(try status().st_size) }

  /// Whether it has a name anywhere.
  package var isLinked: Bool { (try? status().st_nlink > 0) ?? false }

  /// Gives it these permissions, whatever the process' mask is (`fchmod`).
  package func permit(_ mode: mode_t) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { fchmod(rawDescriptor, mode) } } catch {
      throw FileError("change the permissions of", path, error)
    }
  }

  /// Whether its path still names it, and not another file.
  package var isInPlace: Bool {
    guard let named = try? Stat(path, followTargetSymlink: false).rawValue,
      let own = try? status()
    else { return false }
    return named.isSameFile(as: own)
  }

  // MARK: - Reading

  /// Reads from a byte on until the buffer is full or the file ends.
  ///
  /// - Returns: How many bytes were read.
  package func read(
    at offset: Int, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) -> Int {
    let bytes = UnsafeMutableRawBufferPointer(buffer)
    var count = 0
    do {
      while count < bytes.count {
        let part = try descriptor.read(
          fromAbsoluteOffset: Int64(offset + count),
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
        if part == 0 { break }
        count += part
      }
    } catch {
      throw FileError("read", path, error)
    }
    return count
  }

  /// Reads all of it, also of what has no length, such as a pipe.
  ///
  /// - Parameter limit: The limit of bytes.
  /// - Returns: Its bytes.
  /// - Throws: Also when there are more (EFBIG).
  package func bytes(atMost limit: Int = .max) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count: Int
      do { count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) } } catch {
        throw FileError("read", path, error)
      }
      if count == 0 { return bytes }
      guard count <= limit - bytes.count else { throw FileError("read", path, code: EFBIG) }
      bytes += buffer[..<count]
    }
  }

  // MARK: - Writing

  package func write(_ bytes: [UInt8]) throws(FileError) {
    do { try descriptor.writeAll(bytes) } catch { throw FileError("write", path, error) }
  }

  package func write(_ bytes: some Sequence<UInt8>, at offset: Int) throws(FileError) {
    do { try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes) } catch {
      throw FileError("write", path, error)
    }
  }

  /// Cuts it off, or makes it longer by a hole.
  package func resize(to count: Int) throws(FileError) {
    do { try descriptor.resize(to: Int64(count)) } catch { throw FileError("resize", path, error) }
  }

  /// Waits until the disk has it (`fsync`).
  package func sync() throws(FileError) {
    do throws(Errno) { try SystemCall.retry { fsync(rawDescriptor) } } catch {
      throw FileError("sync", path, error)
    }
  }

  /// Waits until the disk has its bytes (`fdatasync`).
  package func syncBytes() throws(FileError) {
    do throws(Errno) { try SystemCall.retry { fdatasync(rawDescriptor) } } catch {
      throw FileError("sync", path, error)
    }
  }

  /// Makes room on the disk (`posix_fallocate`), and leaves what is there as it is.
  func reserve(_ count: Int) throws(FileError) {
    guard try size() < count else { return }
    var code: Int32
    repeat { code = posix_fallocate(rawDescriptor, 0, off_t(count)) } while code == EINTR
    guard code == 0 else { throw FileError("make room in", path, code: code) }
  }

  // MARK: - The lock on the whole file

  /// Takes the lock (`flock`), unless it is held by way of another opening of the file.
  ///
  /// It ends when the file is closed, and so with the process.
  ///
  /// - Returns: False while it is held elsewhere.
  package func lock() throws(FileError) -> Bool {
    do throws(Errno) {
      try SystemCall.retry { flock(rawDescriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      guard error == .wouldBlock else { throw FileError("lock", path, error) }
      return false
    }
  }

  package func unlock() { flock(rawDescriptor, LOCK_UN) }
}

extension File.Purpose {
  fileprivate var mode: FileDescriptor.AccessMode {
    switch self {
    case .reading, .readingAtOnce: .readOnly
    case .updating, .sharing: .readWrite
    case .replacing, .appending, .beginning: .writeOnly
    }
  }

  fileprivate var options: FileDescriptor.OpenOptions {
    switch self {
    case .reading, .updating: []
    case .readingAtOnce: .nonBlocking
    case .sharing: .create
    case .replacing: [.create, .truncate]
    case .appending: [.create, .append]
    case .beginning: [.create, .exclusiveCreate, .append]
    }
  }
}
