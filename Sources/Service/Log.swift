import Glibc
import JSON
package import Logging
import Synchronization

/// The log of one process: an entry is one line of JSON on stderr, written by one `write(2)`.
package enum Log {
  /// The logger of a program.
  ///
  /// - Parameters:
  ///   - label: The program, e.g. `relay`.
  ///   - level: The least level that is written; one of swift-log's names.
  /// - Returns: A logger whose entries carry the label and the process id.
  package static func make(_ label: String, level: String) -> Logger {
    Logger(label: label) { label in
      LineHandler(label: label, logLevel: Logger.Level(rawValue: level) ?? .info)
    }
  }

  /// Lines that nobody would take, since one was written last.
  fileprivate static let letGo = Atomic(0)

  /// Writes one line to stderr by one `write(2)`; a log that can't be written is let go.
  ///
  /// Nor does it wait: a pipe whose reader stands still has room for 64 KiB, and a redirect is worth
  /// more than the line after that. What poll(2) takes for room is enough for PIPE_BUF bytes, which a
  /// pipe also keeps together, so that a longer line is let go.
  static func write(_ line: [UInt8]) {
    let line = line + [0x0A]
    var output = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard line.count <= PIPE_BUF, poll(&output, 1, 0) == 1, output.revents & Int16(POLLOUT) != 0,
      Glibc.write(STDERR_FILENO, line, line.count) == line.count
    else {
      letGo.add(1, ordering: .relaxed)
      return
    }
    letGo.store(0, ordering: .relaxed)
  }
}

private struct LineHandler: LogHandler {
  /// In characters: what an engine says may be as long as it likes.
  private static let longestValue = 1000

  let label: String
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = JSONWriter()
    line.beginObject()
    line.key("time")
    line.string(SystemClock.rfc3339())
    line.key("level")
    line.string(event.level.rawValue)
    line.key("program")
    line.string(label)
    line.key("pid")
    line.number(getpid())
    line.key("message")
    line.string(event.message.description)
    var all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let letGo = Log.letGo.load(ordering: .relaxed)
    if letGo > 0 { all["lines_let_go"] = "\(letGo)" }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line.key(key)
      line.string(String(value.description.prefix(Self.longestValue)))
    }
    line.endObject()
    Log.write(line.bytes)
  }
}
