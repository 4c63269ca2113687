import Glibc
import JSON
package import Logging

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

  /// Writes one line to stderr by one `write(2)`; a log that can't be written is let go.
  static func write(_ line: [UInt8]) {
    let line = line + [0x0A]
    _ = Glibc.write(STDERR_FILENO, line, line.count)
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
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line.key(key)
      line.string(value.description)
    }
    line.endObject()
    Log.write(line.bytes)
  }
}
