import Clicks
import Glibc
import JSON
import Links

/// nginx's log of requests, read for the redirects that it answered.
struct RequestLog {
  /// A redirect: its id, and the second in which it was answered.
  struct Redirect {
    let event: EventID
    let seconds: Int64
  }

  struct Unreadable: Error {
    let path: String
    let reason: String
  }

  let path: String

  /// Calls `body` with each redirect that a worker, or nginx's fast path, gave to a GET.
  func forEachRedirect(_ body: (Redirect) -> Void) throws(Unreadable) {
    guard let file = fopen(path, "re") else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let count = getline(&line, &capacity, file), count > 0, let start = line {
      let bytes = start.withMemoryRebound(to: UInt8.self, capacity: count) {
        Array(UnsafeBufferPointer(start: $0, count: count))
      }
      if let redirect = Self.redirect(bytes) { body(redirect) }
    }
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

  private static func redirect(_ line: [UInt8]) -> Redirect? {
    guard let object = try? JSONValue(parsing: line).object,
      object["status"]?.integer == 301, let target = target(object["request"]?.string),
      object["upstream"]?.string?.isEmpty == false || isOfShortCode(target),
      let event = object["request_id"]?.string.flatMap({ EventID(hex: $0.utf8) }),
      let time = object["time"]?.string
    else { return nil }
    var text = Array(time.utf8)
    return text.withUnsafeMutableBufferPointer { RFC3339.parse(UnsafeBufferPointer($0)) }
      .map { Redirect(event: event, seconds: $0 / 1000) }
  }
}
