import Glibc
package import Logging
import Synchronization

/// The log of one process; an entry is one line of JSON on stderr, by one `write(2)`.
package enum Log {
  /// The limit of a line with its line feed: the bytes that a pipe writes atomically.
  fileprivate static let lineLimit = Int(PIPE_BUF)
  /// Lines dropped since the last written one.
  fileprivate static let dropped = Atomic(0)

  /// The logger of a program.
  ///
  /// - Parameters:
  ///   - label: The program, e.g. `relay`.
  ///   - level: The lowest level that is written; one of swift-log's names.
  /// - Returns: A logger whose entries carry the label and the process id.
  package static func make(_ label: String, level: String) -> Logger {
    Logger(label: label) { label in
      LineHandler(label: label, logLevel: Logger.Level(rawValue: level) ?? .info)
    }
  }

  /// Writes one line to stderr by one `write(2)`; a line that can't be written is dropped.
  ///
  /// It never blocks. When the pipe is full, the line is dropped and counted. poll(2) reports
  /// POLLOUT only if PIPE_BUF bytes fit, so lines are truncated to that length (`lineLimit`).
  static func write(_ line: [UInt8]) {
    let line = line.prefix(lineLimit - 1) + [0x0A]
    var output = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&output, 1, 0) == 1, output.revents & Int16(POLLOUT) != 0,
      line.withUnsafeBytes({ Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }) == line.count
    else {
      dropped.add(1, ordering: .relaxed)
      return
    }
    dropped.store(0, ordering: .relaxed)
  }
}

private struct LineHandler: LogHandler {
  let label: String
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var values = metadata.merging(event.metadata ?? [:]) { _, new in new }
      .mapValues(\.description)
    let dropped = Log.dropped.load(ordering: .relaxed)
    if dropped > 0 { values["lines_dropped"] = "\(dropped)" }
    let line = LogLine(
      level: event.level.rawValue, program: label, message: event.message.description,
      values: values)
    Log.write(line.bytes(upTo: Log.lineLimit - 1))
  }
}
