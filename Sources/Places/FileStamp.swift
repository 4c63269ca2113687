import Glibc

/// What tells a file from another one, and from what it was.
struct FileStamp: Equatable {
  private let device: dev_t
  private let number: ino_t
  private let size: off_t
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    device = status.st_dev
    number = status.st_ino
    size = status.st_size
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }

  /// Whether both are of one file, at whatever time.
  func isSameFile(as other: FileStamp?) -> Bool {
    device == other?.device && number == other?.number
  }
}
