import Glibc
import JSON
import Text

/// One entry of the log as it is written: an object of JSON in one line.
struct LogLine {
  let level: String
  let program: String
  let message: String
  let values: [String: String]

  /// The line without its end.
  ///
  /// - Parameter longest: How many bytes it may have: what an engine says may be as long as it
  ///   likes, and is cut.
  /// - Returns: JSON, unless the message alone is longer.
  func bytes(upTo longest: Int) -> [UInt8] {
    var longestValue = 2000
    while true {
      let bytes = bytes(longestValue: longestValue)
      if bytes.count <= longest || longestValue == 0 { return bytes }
      longestValue /= 4
    }
  }

  /// With no more than so many characters of each value.
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
