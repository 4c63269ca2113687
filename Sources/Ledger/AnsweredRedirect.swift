package import Clicks
import JSON
import Links

/// A redirect in nginx's request log: its id, and the second of its answer.
package struct AnsweredRedirect: Equatable, Sendable {
  package let event: EventID
  /// Since 1970.
  package let seconds: Int64

  init(event: EventID, seconds: Int64) {
    self.event = event
    self.seconds = seconds
  }

  /// The redirect of a worker or of nginx's fast path, for a GET that is counted.
  ///
  /// Nil for any other request.
  ///
  /// - Parameters:
  ///   - object: The log line's object.
  ///   - status: Its status.
  ///   - request: Its request line.
  ///   - seconds: Its time since 1970.
  init?(_ object: JSONObject, status: Int, request: String, seconds: Int64) {
    guard status == 301, Self.isCounted(object),
      let target = Self.target(request),
      object["upstream"]?.string?.isEmpty == false || Self.isOfLink(target),
      let event = object["request_id"]?.string.flatMap({ EventID(hex: $0.utf8) })
    else { return nil }
    self.init(event: event, seconds: seconds)
  }

  /// Whether nginx's policies count it; those of releases before counted no prefetch.
  private static func isCounted(_ object: JSONObject) -> Bool {
    if let visit = object["visit"]?.string, !visit.isEmpty { return visit != "0" }
    return object["prefetch"]?.string?.isEmpty != false
  }

  /// Whether nginx's answer, without a worker, is the fast path's.
  ///
  /// nginx itself also redirects to a location that ends in a slash: from `/stats`, a route of
  /// ours.
  private static func isOfLink(_ target: Substring.UTF8View) -> Bool {
    let path = target.prefix { $0 != UInt8(ascii: "?") }
    guard path.first == UInt8(ascii: "/"), let slug = Slug(String(Substring(path.dropFirst())))
    else { return false }
    return !slug.isReserved
  }

  /// The path and query of a request line, of a GET only; an absolute target's without its host.
  private static func target(_ request: String) -> Substring.UTF8View? {
    guard request.utf8.starts(with: "GET ".utf8) else { return nil }
    let target = request.utf8.dropFirst(4).prefix { $0 != UInt8(ascii: " ") }
    for scheme in ["http://", "https://"] where target.starts(with: scheme.utf8) {
      return target.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
    }
    return target
  }
}
