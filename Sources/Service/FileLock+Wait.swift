package import Files
package import Logging

extension FileLock {
  /// Waits until no other process holds the lock, and logs once that it waits.
  ///
  /// - Parameters:
  ///   - path: See `take`.
  ///   - log: Gets the remark.
  ///   - remark: What to log while it waits.
  /// - Returns: Nil when the process is asked to stop meanwhile.
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
