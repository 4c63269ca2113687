internal import CCurl

extension String {
  /// The text as a part of a URL: each byte as `%XX` but the unreserved ones of RFC 3986.
  ///
  /// The C function: `curl_easy_escape`.
  package var percentEncoded: String {
    guard let raw = curl_easy_escape(nil, self, Int32(utf8.count)) else { return "" }
    defer { curl_free(raw) }
    return String(cString: raw)
  }
}
