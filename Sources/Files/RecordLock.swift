import Glibc

/// A lock on some bytes of an open file: it ends with the process, however that ends, and needs no
/// file of its own.
///
/// Of the open file and not of the process (`F_OFD_…`), so that closing another descriptor of the
/// same file does not end it. The C function: `fcntl`.
package enum RecordLock {
  // Swift's importer doesn't show these.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  /// Takes the lock if nobody has it.
  package static func take(_ descriptor: Int32, from: Int, count: Int) -> Bool {
    var lock = exclusive(from, count)
    return fcntl(descriptor, setLock, &lock) == 0
  }

  /// Gives the lock back.
  package static func release(_ descriptor: Int32, from: Int, count: Int) {
    var lock = exclusive(from, count)
    lock.l_type = Int16(F_UNLCK)
    _ = fcntl(descriptor, setLock, &lock)
  }

  /// Whether another open file has it; asking takes nothing from those who want it.
  package static func isHeld(_ descriptor: Int32, from: Int, count: Int) -> Bool {
    var lock = exclusive(from, count)
    return fcntl(descriptor, getLock, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
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
