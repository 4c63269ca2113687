/// How one nginx wants what the next one refuses, or warns of.
struct SiteForm {
  /// Whether the site has the one line that another file of the same http block may have, too.
  var hasHashSize = true
  /// HTTP/2 by a directive of its own, from nginx 1.25.1 on; else by a word of `listen`.
  var hasHTTP2Directive = false

  /// The form for an nginx that refuses this one.
  func form(after refusal: NginxRefusal) -> SiteForm? {
    guard hasHashSize, refusal.complaints.contains(where: Self.isOfHashSize) else { return nil }
    return with(\.hasHashSize, false)
  }

  /// The form for an nginx that warns of this one.
  func form(after warnings: [String]) -> SiteForm? {
    guard !hasHTTP2Directive, warnings.contains(where: Self.isOfHTTP2) else { return nil }
    return with(\.hasHTTP2Directive, true)
  }

  private func with(_ part: WritableKeyPath<SiteForm, Bool>, _ value: Bool) -> SiteForm {
    var form = self
    form[keyPath: part] = value
    return form
  }

  private static func isOfHashSize(_ line: String) -> Bool {
    line.contains("\"variables_hash_max_size\" directive is duplicate")
  }

  private static func isOfHTTP2(_ line: String) -> Bool {
    line.contains("\"listen ... http2\" directive is deprecated")
  }
}
