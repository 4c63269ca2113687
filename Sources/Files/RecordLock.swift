import Glibc
import SystemPackage

/// A lock on some bytes of an open file: it always ends with the process, and needs no separate
/// file.
///
/// It belongs to the open file and not to the process (`F_OFD_…`). So it stays when another
/// descriptor of the same file is closed. The C function: `fcntl`.
package enum RecordLock {
  // Swift's importer doesn't show these.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  /// Takes the lock if nobody has it.
  package static func take(_ file: File, from: Int, count: Int) -> Bool {
    var lock = exclusive(from, count)
    return call(file, setLock, &lock)
  }

  /// Gives the lock back.
  package static func release(_ file: File, from: Int, count: Int) {
    var lock = exclusive(from, count)
    lock.l_type = Int16(F_UNLCK)
    _ = call(file, setLock, &lock)
  }

  /// Whether another open file has it; asking takes nothing from those who want it.
  package static func isHeld(_ file: File, from: Int, count: Int) -> Bool {
    var lock = exclusive(from, count)
    return call(file, getLock, &lock) && lock.l_type != Int16(F_UNLCK)
  }

  private static func call(_ file: File, _ command: Int32, _ lock: inout flock) -> Bool {
    (try? SystemCall.retry { fcntl(file.rawDescriptor, command, &lock) }) != nil
  }

  private static func exclusive(_ from: Int, _ count: Int) -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(from)
    lock.l_len = off_t(count)
    return lock
  }
}
