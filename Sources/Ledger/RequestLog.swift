import Files
import Gzip
import Service

/// Reads nginx's request logs with their rotations, each from its oldest line to its newest.
///
/// Only one line is in memory at a time. Each log must reach back to the requested time; this is
/// checked once its first line is read.
package final class RequestLog {
  package private(set) var coverage = LogCoverage()
  private let since: Int64
  /// The logs not read yet.
  private var logs: [Log]
  private var file: LineFile?
  /// Whether one line of the present file is enough.
  private var isBefore = false
  /// The lines of the present log, and the time of its first readable one.
  private var lines = 0
  private var oldest: Int64?

  /// Finds the files.
  ///
  /// - Parameters:
  ///   - paths: The logs, without their rotations; a file that is named twice is read once.
  ///   - since: Seconds since 1970.
  /// - Throws: When a log doesn't exist, or its directory can't be listed.
  package init(_ paths: [String], since: Int64) throws(RequestLogError) {
    self.since = since
    logs = []
    for path in paths {
      do throws(FileError) {
        logs.append(Log(path: path, files: try LogRotation(of: path, since: since).files[...]))
      } catch {
        throw .unreadable(path: error.path, reason: error.reason)
      }
    }
    // A log comes before its own rotations, in case they are named too.
    logs.sort { $0.files.count > $1.files.count }
    var seen: Set<LineFile.Identity> = []
    for index in logs.indices {
      let files = logs[index].files.filter { seen.insert($0.identity).inserted }
      logs[index].isContinued = files.count < logs[index].files.count
      logs[index].files = files[...]
    }
    logs.removeAll { $0.files.isEmpty }
  }

  private struct Log {
    let path: String
    /// The files not read yet.
    var files: ArraySlice<LogRotation.File>
    /// Whether some of its files are read as another log's.
    var isContinued = false
  }

  /// The next readable line, of any time.
  ///
  /// - Returns: The line; nil after the last one of the last log.
  /// - Throws: When a log can't be read, has nothing to read, or begins too late.
  package func next() throws(RequestLogError) -> RequestLogLine? {
    while try openFile() {
      guard let line = try nextLine() else {
        file = nil
        continue
      }
      // A line without an end is still being written.
      let parsed = RequestLogLine(line.bytes)
      guard line.isEnded || parsed != nil else { continue }
      lines += 1
      coverage.count(at: parsed?.seconds)
      guard let parsed else { continue }
      if oldest == nil {
        oldest = parsed.seconds
        guard parsed.seconds <= since || logs[0].isContinued else {
          throw .beginsLate(path: logs[0].path, oldest: parsed.seconds)
        }
      }
      if isBefore { file = nil }
      return parsed
    }
    return nil
  }

  private func nextLine() throws(RequestLogError) -> (bytes: [UInt8], isEnded: Bool)? {
    do throws(LineFileError) {
      return try file?.nextLine()
    } catch {
      throw .unreadable(path: error.path, reason: error.reason)
    }
  }

  /// Continues with the next file, and after a log's last file with the next log.
  ///
  /// - Returns: Whether there is one.
  private func openFile() throws(RequestLogError) -> Bool {
    if file != nil { return true }
    while let log = logs.first, log.files.isEmpty {
      if oldest == nil { throw .noLines(path: log.path, lines: lines) }
      logs.removeFirst()
      (lines, oldest) = (0, nil)
    }
    guard let next = logs.first?.files.first else { return false }
    logs[0].files.removeFirst()
    let opened: LineFile
    do throws(LineFileError) {
      opened = try LineFile(next.path)
    } catch {
      throw .unreadable(path: error.path, reason: error.reason)
    }
    guard opened.identity == next.identity else { throw .rotated(path: next.path) }
    file = opened
    isBefore = next.isBefore
    coverage.begin(next.path)
    return true
  }
}
