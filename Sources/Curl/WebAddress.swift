internal import CCurl

/// The parts of an absolute URL, as libcurl reads it.
///
/// The C functions: `curl_url_set`, `curl_url_get`.
package struct WebAddress: Equatable, Sendable {
  /// Lower case.
  package let scheme: String
  /// Percent-decoded.
  package let user: String?
  /// Percent-decoded.
  package let password: String?
  /// As written, an IPv6 address in its brackets.
  package let host: String
  /// As written; nil when the URL names none.
  package let port: Int?
  /// Percent-decoded, with its first slash; nil when it holds a control character.
  package let path: String?
  /// Whether a query or a fragment follows the path.
  package let hasMore: Bool

  /// Nil when libcurl can't read the text as a URL with a scheme and a host.
  package init?(_ url: String) {
    guard !url.utf8.contains(0), let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
    guard curl_url_set(handle, CURLUPART_URL, url, flags) == CURLUE_OK,
      case .text(let scheme) = Self.part(CURLUPART_SCHEME, of: handle),
      case .text(let host) = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty
    else { return nil }
    let decode = UInt32(CURLU_URLDECODE)
    let user = Self.part(CURLUPART_USER, of: handle, decode)
    let password = Self.part(CURLUPART_PASSWORD, of: handle, decode)
    guard user != .unreadable, password != .unreadable else { return nil }
    self.scheme = scheme.lowercased()
    self.user = user.text
    self.password = password.text
    self.host = host
    port = Self.part(CURLUPART_PORT, of: handle).text.flatMap { Int($0) }
    path = Self.part(CURLUPART_PATH, of: handle, decode).text
    hasMore =
      Self.part(CURLUPART_QUERY, of: handle) != .absent
      || Self.part(CURLUPART_FRAGMENT, of: handle) != .absent
  }

  private enum Part: Equatable {
    case absent
    case unreadable
    case text(String)

    var text: String? {
      guard case .text(let text) = self else { return nil }
      return text
    }
  }

  private static func part(
    _ part: CURLUPart, of handle: OpaquePointer, _ flags: UInt32 = 0
  ) -> Part {
    var text: UnsafeMutablePointer<CChar>?
    switch curl_url_get(handle, part, &text, flags) {
    case CURLUE_OK:
      guard let text else { return .absent }
      defer { curl_free(text) }
      return .text(String(cString: text))
    case CURLUE_URLDECODE, CURLUE_OUT_OF_MEMORY: return .unreadable
    default: return .absent
    }
  }
}
