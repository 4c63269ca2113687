import Clicks
import JSON
import Text

/// One line of nginx's log of requests, as far as the ledger reads it.
package enum RequestLogLine: Equatable, Sendable {
  /// A redirect that must have a click.
  case redirect(AnsweredRedirect)
  /// Any other request, with the time of its end in seconds since 1970.
  case other(seconds: Int64)

  /// Reads a line; nil for one that isn't of the log's format.
  package init?(_ line: [UInt8]) {
    guard let object = Self.object(line), let status = object["status"]?.integer,
      let request = object["request"]?.string, let time = object["time"]?.string,
      let milliseconds = Array(time.utf8).withUnsafeBufferPointer({ RFC3339.parse($0) })
    else { return nil }
    let seconds = milliseconds / 1000
    let redirect = AnsweredRedirect(object, status: status, request: request, seconds: seconds)
    self = redirect.map { .redirect($0) } ?? .other(seconds: seconds)
  }

  package var seconds: Int64 {
    switch self {
    case .redirect(let redirect): redirect.seconds
    case .other(let seconds): seconds
    }
  }

  /// A line's object, with U+FFFD for bytes that JSON doesn't allow.
  ///
  /// A client may put invalid UTF-8 and NUL into nginx's log.
  private static func object(_ line: [UInt8]) -> JSONObject? {
    if let object = try? JSONValue(parsing: line).object { return object }
    var repaired = Array(String(decoding: line, as: UTF8.self).utf8)
    let nul = Array(#"\u0000"#.utf8)
    let replacement = Array(#"\ufffd"#.utf8)
    var index = 0
    while let place = repaired[index...].firstIndex(of: nul[0]) {
      if repaired[place...].starts(with: nul) {
        repaired.replaceSubrange(place..<place + nul.count, with: replacement)
      }
      // An escaped backslash begins no escape.
      index = min(place + 2, repaired.count)
    }
    return try? JSONValue(parsing: repaired).object
  }
}
