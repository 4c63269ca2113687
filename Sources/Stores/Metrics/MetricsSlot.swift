import Glibc
import Metrics

/// The file of one process that counts, mapped into its memory and held by a lock.
final class MetricsSlot {
  let bytes: UnsafeMutableRawPointer
  private let descriptor: Int32

  /// Takes a slot, making its file if it isn't there.
  ///
  /// The file is written to its full length first: a page of a mapping that the file system has no
  /// room for would end the process (SIGBUS) when it is counted in. It lies with the journals and
  /// not in a folder of the running system, because all programs share that one already, and so
  /// that the numbers go on when the machine was restarted; its page is written to the disk by the
  /// kernel now and then, and nobody waits for that.
  ///
  /// The C functions: `open`, `fcntl`, `mmap`.
  ///
  /// - Returns: Nil when another process has it.
  /// - Throws: When the file can't be made or mapped.
  static func take(_ path: String) throws(FileError) -> MetricsSlot? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw FileError("open", path) }
    guard RecordLock.take(descriptor, from: 0, count: Layout.bytes) else {
      close(descriptor)
      return nil
    }
    do throws(FileError) {
      try fill(descriptor, path)
      return MetricsSlot(
        adopting: descriptor, bytes: try map(descriptor, PROT_READ | PROT_WRITE, path))
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Reads a slot, whoever holds it.
  ///
  /// - Returns: Nil when it has no numbers yet.
  static func read(_ path: String, role: Role) -> SlotReading? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard size(of: descriptor) == Layout.bytes,
      let page = try? map(descriptor, PROT_READ, path)
    else { return nil }
    defer { munmap(page, Layout.bytes) }
    return SlotReading(
      role: role, isHeld: RecordLock.isHeld(descriptor, from: 0, count: Layout.bytes),
      page: UnsafeRawPointer(page))
  }

  private init(adopting descriptor: Int32, bytes: UnsafeMutableRawPointer) {
    self.descriptor = descriptor
    self.bytes = bytes
  }

  deinit {
    munmap(bytes, Layout.bytes)
    close(descriptor)
  }

  private static func fill(_ descriptor: Int32, _ path: String) throws(FileError) {
    guard size(of: descriptor) != Layout.bytes else { return }
    let zeros = [UInt8](repeating: 0, count: Layout.bytes)
    let written = pwrite(descriptor, zeros, zeros.count, 0)
    guard written == zeros.count else {
      if written >= 0 { errno = ENOSPC }
      throw FileError("write", path)
    }
  }

  private static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : -1
  }

  private static func map(
    _ descriptor: Int32, _ protection: Int32, _ path: String
  ) throws(FileError) -> UnsafeMutableRawPointer {
    guard let page = mmap(nil, Layout.bytes, protection, MAP_SHARED, descriptor, 0),
      page != MAP_FAILED
    else { throw FileError("map", path) }
    return page
  }
}
