import Glibc
import JSON
import Text

/// One entry of the log: a JSON object in one line.
struct LogLine {
  let level: String
  let program: String
  let message: String
  let values: [String: String]

  /// The line without its line feed.
  ///
  /// - Parameter longest: The limit of its bytes. An engine's message may have any length, and is
  ///   cropped.
  /// - Returns: JSON, unless the message alone is longer.
  func bytes(upTo longest: Int) -> [UInt8] {
    var longestValue = 2000
    while true {
      let bytes = bytes(longestValue: longestValue)
      if bytes.count <= longest || longestValue == 0 { return bytes }
      longestValue /= 4
    }
  }

  /// The line with each value cropped to so many characters.
  private func bytes(longestValue: Int) -> [UInt8] {
    var line = JSONWriter()
    line.beginObject()
    line.key("time")
    line.string(RFC3339.string(milliseconds: SystemClock.milliseconds()))
    line.key("level")
    line.string(level)
    line.key("program")
    line.string(program)
    line.key("pid")
    line.number(getpid())
    line.key("message")
    line.string(message)
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      line.key(key)
      line.string(String(value.prefix(longestValue)))
    }
    line.endObject()
    return line.bytes
  }
}
