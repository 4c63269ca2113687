/// A request for a link, and where it must lead.
struct Visit: Sendable {
  let kind: RequestKind
  let click: Oracle.Expected
  /// Another host than that of `BASE_URL`.
  var host: String?
  var query = ""
  /// What the visitor reads, for `Accept-Language`.
  var language: String?
  /// Nil where nobody knows before the end.
  var destination: String?
  var led = Led()

  var target: String { "/" + click.code + query }

  var fields: [(String, String)] {
    var fields = [("User-Agent", click.userAgent)]
    if !click.referrer.isEmpty { fields.append(("Referer", click.referrer)) }
    if let language { fields.append(("Accept-Language", language)) }
    if let host { fields.append(("Host", host)) }
    return fields
  }
}
