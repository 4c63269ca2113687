package import Clicks
import JSON
import Links

/// A redirect in nginx's request log, or another visit of a link: its id, the second of its answer, and
/// the name that was visited.
package struct AnsweredRedirect: Equatable, Sendable {
  package let event: EventID
  /// Since 1970.
  package let seconds: Int64
  /// The scopes of the names that the path may mean: as written, and without what running text adds.
  ///
  /// Two numbers instead of texts, since many redirects are remembered.
  private let name: Scope?
  private let start: Scope?

  init(event: EventID, seconds: Int64, names: [Slug] = []) {
    self.event = event
    self.seconds = seconds
    name = names.first.map { Scope(name: $0.description.utf8) }
    start = names.dropFirst().first.map { Scope(name: $0.description.utf8) }
  }

  /// Whether a deletion of visits may have taken its click.
  ///
  /// - Parameter ends: Up to when the clicks of a name were deleted, in seconds since 1970.
  /// - Returns: Whether any of its names is among them, and the answer not younger.
  func isDeleted(by ends: [Scope: Int64]) -> Bool {
    [name, start].contains { $0.flatMap { ends[$0] }.map { seconds <= $0 } ?? false }
  }

  /// The redirect of a worker or of nginx's fast path, or a link's tracking pixel, for a GET that is
  /// counted.
  ///
  /// Nil for any other request.
  ///
  /// - Parameters:
  ///   - object: The log line's object.
  ///   - status: Its status.
  ///   - request: Its request line.
  ///   - seconds: Its time since 1970.
  init?(_ object: JSONObject, status: Int, request: String, seconds: Int64) {
    guard Self.isCounted(object), let target = Self.target(request),
      status == 301 && (Self.isByWorker(object) || Self.isOfLink(target))
        || status == 200 && Self.isOfPixel(target, object),
      let event = object["request_id"]?.string.flatMap({ EventID(hex: $0.utf8) })
    else { return nil }
    self.init(event: event, seconds: seconds, names: Self.names(target, isPixel: status == 200))
  }

  /// The slugs that a target may mean, as a worker reads it.
  private static func names(_ target: Substring.UTF8View, isPixel: Bool) -> [Slug] {
    let path = target.prefix { $0 != UInt8(ascii: "?") }.dropFirst()
    let name = path.dropLast(isPixel ? "/track".utf8.count : 0)
    return Slug.readings(pasted: String(Substring(name)))
  }

  /// Whether nginx's policies count it; those of releases before counted no prefetch.
  private static func isCounted(_ object: JSONObject) -> Bool {
    if let visit = object["visit"]?.string, !visit.isEmpty { return visit != "0" }
    return object["prefetch"]?.string?.isEmpty != false
  }

  private static func isByWorker(_ object: JSONObject) -> Bool {
    object["upstream"]?.string?.isEmpty == false
  }

  /// Whether a worker's answer is the pixel of a link.
  ///
  /// For a name without a link a worker answers 404, and nginx sends the pixel in its place.
  private static func isOfPixel(_ target: Substring.UTF8View, _ object: JSONObject) -> Bool {
    let path = String(Substring(target.prefix { $0 != UInt8(ascii: "?") }))
    guard path.hasSuffix("/track"), object["upstream_status"]?.string?.hasSuffix("200") == true
    else { return false }
    let first = path.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
    return first != "track" && Slug(first)?.isReserved != true
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
