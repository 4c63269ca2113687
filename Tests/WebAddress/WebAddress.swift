import CCurl

/// The parts of an absolute URL as libcurl reads it: a second reader, which must name the same host
/// as `DestinationURL`.
///
/// The C functions: `curl_url_set`, `curl_url_get`.
package struct WebAddress: Equatable, Sendable {
  /// Lower case.
  package let scheme: String
  package let user: String?
  package let password: String?
  /// As written, an IPv6 address in its brackets.
  package let host: String
  /// As written; nil when the URL names none.
  package let port: Int?

  /// Nil when libcurl can't read it as a URL with a scheme and a host.
  package init?(_ url: String) {
    guard let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
    guard !url.utf8.contains(0), curl_url_set(handle, CURLUPART_URL, url, flags) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: handle),
      let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty
    else { return nil }
    self.scheme = scheme.lowercased()
    self.host = host
    user = Self.part(CURLUPART_USER, of: handle)
    password = Self.part(CURLUPART_PASSWORD, of: handle)
    port = Self.part(CURLUPART_PORT, of: handle).flatMap { Int($0) }
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0)
    -> String?
  {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
