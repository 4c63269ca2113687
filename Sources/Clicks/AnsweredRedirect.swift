import JSON

/// A redirect as nginx's log of requests has it: its id, and the second in which it was answered.
package struct AnsweredRedirect: Equatable, Sendable {
  package let event: EventID
  /// Since 1970.
  package let seconds: Int64

  /// Reads a line of the log; nil for all but redirects that a worker, or nginx's fast path, gave to
  /// a GET.
  package init?(logLine line: [UInt8]) {
    guard let object = try? JSONValue(parsing: line).object,
      object["status"]?.integer == 301, let request = object["request"]?.string,
      request.hasPrefix("GET /"),
      object["upstream"]?.string?.isEmpty == false || Self.hasOneSegment(request.dropFirst(5)),
      let event = object["request_id"]?.string.flatMap({ EventID(hex: $0.utf8) }),
      let time = object["time"]?.string,
      let milliseconds = Array(time.utf8).withUnsafeBufferPointer({ RFC3339.parse($0) })
    else { return nil }
    self.event = event
    seconds = milliseconds / 1000
  }

  /// Whether a path is as short as a link's: nginx's own redirects, to a folder's slash, are of longer
  /// ones.
  private static func hasOneSegment(_ path: Substring) -> Bool {
    !path.utf8.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "?") }
      .contains(UInt8(ascii: "/"))
  }
}
