internal import CCurl

/// Where a ClickHouse server answers HTTP, as whom to ask it and in which database.
package struct ServerAddress: Equatable, Sendable {
  package let scheme: String
  package let host: String
  package let port: UInt16
  package let user: String
  package let password: String
  package let database: String

  package init(
    scheme: String = "http", host: String, port: UInt16, user: String = "default",
    password: String = "", database: String = "default"
  ) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.user = user
    self.password = password
    self.database = database
  }

  /// Reads `http(s)://user[:password]@host[:port]/database`; nil when it is something else.
  ///
  /// The C functions: `curl_url_set`, `curl_url_get`.
  package init?(url: String) {
    guard let raw = curl_url() else { return nil }
    defer { curl_url_cleanup(raw) }
    guard curl_url_set(raw, CURLUPART_URL, url, 0) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: raw), scheme == "http" || scheme == "https",
      let host = Self.part(CURLUPART_HOST, of: raw), !host.isEmpty,
      Self.part(CURLUPART_QUERY, of: raw) == nil, Self.part(CURLUPART_FRAGMENT, of: raw) == nil
    else { return nil }
    let database = Self.part(CURLUPART_PATH, of: raw).map { String($0.dropFirst()) } ?? ""
    guard !database.utf8.contains(UInt8(ascii: "/")) else { return nil }
    let fallback: UInt16 = scheme == "https" ? 8443 : 8123
    let port = Self.part(CURLUPART_PORT, of: raw).map { UInt16($0) ?? 0 } ?? fallback
    guard port > 0 else { return nil }
    self.init(
      scheme: scheme, host: host, port: port,
      user: Self.part(CURLUPART_USER, of: raw) ?? "default",
      password: Self.part(CURLUPART_PASSWORD, of: raw) ?? "",
      database: database.isEmpty ? "default" : database)
  }

  /// The same server with another database, such as the one that always exists.
  package func with(database: String) -> ServerAddress {
    ServerAddress(
      scheme: scheme, host: host, port: port, user: user, password: password, database: database)
  }

  private static func part(_ what: CURLUPart, of raw: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = what == CURLUPART_HOST ? 0 : UInt32(CURLU_URLDECODE)
    guard curl_url_get(raw, what, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
