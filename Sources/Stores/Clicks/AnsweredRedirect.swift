package import Clicks
import JSON
import Links

/// A redirect as nginx's log of requests has it: its id, and the second in which it was answered.
package struct AnsweredRedirect: Equatable, Sendable {
  package let event: EventID
  /// Since 1970.
  package let seconds: Int64

  /// Reads a line of the log; nil for all but redirects that a worker, or nginx's fast path, gave to
  /// a GET.
  package init?(logLine line: [UInt8]) {
    guard let object = try? JSONValue(parsing: line).object,
      object["status"]?.integer == 301, let target = Self.target(object["request"]?.string),
      object["upstream"]?.string?.isEmpty == false || Self.isOfShortCode(target),
      let event = object["request_id"]?.string.flatMap({ EventID(hex: $0.utf8) }),
      let time = object["time"]?.string,
      let milliseconds = Array(time.utf8).withUnsafeBufferPointer({ RFC3339.parse($0) })
    else { return nil }
    self.event = event
    seconds = milliseconds / 1000
  }

  /// Whether nginx's answer, without a worker, is the fast path's: its other redirects are of longer
  /// paths.
  private static func isOfShortCode(_ target: Substring) -> Bool {
    guard target.utf8.first == UInt8(ascii: "/") else { return false }
    return ShortCode(target.utf8.dropFirst().prefix { $0 != UInt8(ascii: "?") }) != nil
  }

  /// The target of a request line, of a GET only.
  private static func target(_ request: String?) -> Substring? {
    guard let request, request.hasPrefix("GET ") else { return nil }
    return request.dropFirst(4).prefix { $0 != " " }
  }
}
