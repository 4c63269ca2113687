import Service

/// The certificate of the site, and what nginx says by it.
struct SiteTLS {
  let certificate: String
  let key: String
  private let place: String
  /// What follows the host in addresses of the site: nothing, or a colon and a port.
  let port: String
  /// Seconds for which browsers keep to https; 0 for no such header.
  private let maxAge: Int

  /// - Returns: Nil where no certificate is named: there may be a load balancer that has it.
  /// - Throws: `SettingError` for one without the other, and for what makes no sense without TLS.
  init?(_ read: Variables, base: BaseURL) throws(SettingError) {
    certificate = try read.text(.certificate)
    key = try read.text(.certificateKey)
    maxAge = try read.integer(.strictTransport)
    place = try read.text(.secureListen)
    try Self.want(
      certificate.isEmpty || !key.isEmpty, of: .certificateKey, key,
      "a file, since TLS_CERTIFICATE is set")
    try Self.want(
      key.isEmpty || !certificate.isEmpty, of: .certificate, certificate,
      "a file, since TLS_KEY is set")
    guard !certificate.isEmpty else {
      try Self.want(
        maxAge == 0, of: .strictTransport, "\(maxAge)",
        "0, since TLS_CERTIFICATE isn't set: whoever ends TLS sends the header")
      return nil
    }
    try Self.want(base.isTLS, of: .baseURL, "\(base)", "https://…, since TLS_CERTIFICATE is set")
    port = base.port.map { $0 == 443 ? "" : ":\($0)" } ?? ""
  }

  private static func want(
    _ isSo: Bool, of setting: Setting, _ value: String, _ expected: String
  ) throws(SettingError) {
    guard isSo else {
      throw SettingError(name: setting.name, value: value, expected: expected)
    }
  }

  /// The lines for the http block, or none.
  var httpLines: String {
    guard maxAge > 0 else { return "" }
    return """

      # Browsers keep to https for so long (HSTS_MAX_AGE).
      map $https $swiftlet_hsts {
          default "";
          on "max-age=\(maxAge)";
      }
      """
  }

  func listen(_ form: SiteForm) -> [ListeningPlace] {
    ListeningPlace.all(
      place, port: 443, words: ["ssl"] + (form.hasHTTP2Directive ? [] : ["http2"]))
  }

  /// The lines of the server that serves by it.
  func serverLines(_ form: SiteForm) -> String {
    """

        ssl_certificate "\(certificate)";
        ssl_certificate_key "\(key)";\(form.hasHTTP2Directive ? "\n    http2 on;" : "")
        include swiftlet/tls.conf;
    """
  }
}
