import Glibc

extension ClickJournal {
  /// Asks the file system whether journals can be written, with some room to spare.
  package func ping() throws(StoreError) {
    let operation = "look at the journals' directory"
    guard access(directory.path, W_OK | X_OK) == 0 else {
      throw StoreError(.journal, .unavailable, during: operation, String(cString: strerror(errno)))
    }
    var space = statvfs()
    guard statvfs(directory.path, &space) == 0, space.f_bavail * space.f_frsize > 64 << 20 else {
      throw StoreError(.journal, .unavailable, during: operation, "less than 64 MiB are free")
    }
    guard !isNearlyFull else {
      throw StoreError(.journal, .unavailable, during: operation, "JOURNAL_MAX_BYTES is near")
    }
  }
}
