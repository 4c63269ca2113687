package import Files
package import Logging

extension FileLock {
  /// Waits until no other process holds the lock, and says once in the log that it waits.
  ///
  /// - Parameters:
  ///   - path: See `take`.
  ///   - log: What is told.
  ///   - remark: What it is told.
  /// - Returns: Nil when the process is asked to stop before.
  /// - Throws: When the file can't be opened.
  package static func wait(
    for path: String, log: Logger, saying remark: Logger.Message
  ) throws(FileError) -> FileLock? {
    var isWaiting = false
    while !Signals.stopRequested {
      if let lock = try take(path) { return lock }
      if !isWaiting { log.info(remark) }
      isWaiting = true
      Pause.untilStop(milliseconds: 200)
    }
    return nil
  }
}
