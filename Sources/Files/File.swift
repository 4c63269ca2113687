package import Glibc
import SystemPackage

/// An open file; closed with the last reference to it.
///
/// An interrupted call is repeated. C functions that swift-system lacks are called by `SystemCall`.
package final class File {
  /// The purpose of opening a file; a created file has mode 0640.
  package enum Purpose {
    case reading
    /// Reading the present content, without waiting for a pipe's writer.
    case readingAtOnce
    /// Reading and writing an existing file.
    case updating
    /// Reading and writing; created if it doesn't exist.
    case sharing
    /// Writing a new file: created, or emptied.
    case replacing
    /// Appending; created if it doesn't exist.
    case appending
    /// Appending to a new file; EEXIST if it exists.
    case beginning
  }

  package let path: String
  let descriptor: FileDescriptor
  /// The descriptor for a C function, which must not close it.
  package var rawDescriptor: Int32 { descriptor.rawValue }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - purpose: How it is opened.
  ///   - followsLinks: Whether the path may be a symbolic link, for an operator's path; else that
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

  /// Sets its permissions, whatever the process's mask is (`fchmod`).
  package func permit(_ mode: mode_t) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { fchmod(rawDescriptor, mode) } } catch {
      throw FileError("change the permissions of", path, error)
    }
  }

  /// Gives it the user and the group of another file (`fchown`).
  func give(to model: stat) throws(FileError) {
    let own = try status()
    guard (own.st_uid, own.st_gid) != (model.st_uid, model.st_gid) else { return }
    do throws(Errno) {
      try SystemCall.retry { fchown(rawDescriptor, model.st_uid, model.st_gid) }
    } catch { throw FileError("change the owner of", path, error) }
  }

  /// Whether its path still refers to it.
  package var isInPlace: Bool {
    guard let named = try? Stat(path, followTargetSymlink: false).rawValue,
      let own = try? status()
    else { return false }
    return named.isSameFile(as: own)
  }

  // MARK: - Reading

  /// Reads from a byte until the buffer is full or the file ends.
  ///
  /// - Returns: The number of bytes read.
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

  /// Reads the whole file, also one without a length, such as a pipe.
  ///
  /// - Parameter limit: The limit of bytes.
  /// - Returns: Its bytes.
  /// - Throws: When it can't be read, or is longer (EFBIG).
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

  /// Truncates it, or extends it by a hole.
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

  /// Reserves room on the disk (`posix_fallocate`) without a change of its content.
  func reserve(_ count: Int) throws(FileError) {
    guard try size() < count else { return }
    var code: Int32
    repeat { code = posix_fallocate(rawDescriptor, 0, off_t(count)) } while code == EINTR
    guard code == 0 else { throw FileError("make room in", path, code: code) }
  }

  // MARK: - The lock on the whole file

  /// Takes the lock (`flock`) unless another opening of the file holds it.
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
