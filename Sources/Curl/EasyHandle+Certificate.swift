internal import CCurl

// The server's certificate: who is believed, and how long it lasts.
extension EasyHandle {
  /// Sets whose word counts.
  ///
  /// The C options: `CURLOPT_CERTINFO`, `CURLOPT_CAINFO`, `CURLOPT_SSL_VERIFYPEER` and
  /// `CURLOPT_SSL_VERIFYHOST`.
  func trust(_ transfer: Transfer) -> [CURLcode] {
    let told = swiftlet_easy_set_long(raw, CURLOPT_CERTINFO, transfer.readsCertificate ? 1 : 0)
    switch transfer.trust {
    case .system: return [told]
    case .file(let path): return [told, swiftlet_easy_set_string(raw, CURLOPT_CAINFO, path)]
    case .anybody:
      return [
        told, swiftlet_easy_set_long(raw, CURLOPT_SSL_VERIFYPEER, 0),
        swiftlet_easy_set_long(raw, CURLOPT_SSL_VERIFYHOST, 0),
      ]
    }
  }

  /// When the server's own certificate ends, the first of its chain.
  ///
  /// libcurl writes it as OpenSSL does: `Expire date:Nov 27 04:11:00 2026 GMT`. The C functions: `CURLINFO_CERTINFO`,
  /// `curl_getdate`.
  var certificateEnd: Int64? {
    var chain: UnsafeMutablePointer<curl_certinfo>?
    guard swiftlet_easy_get_chain(raw, &chain) == CURLE_OK, let chain,
      chain.pointee.num_of_certs > 0
    else { return nil }
    var entry = chain.pointee.certinfo[0]
    let name = "Expire date:"
    while let item = entry {
      let text = String(cString: item.pointee.data)
      if text.hasPrefix(name) {
        let time = curl_getdate(String(text.dropFirst(name.count)), nil)
        return time < 0 ? nil : Int64(time)
      }
      entry = item.pointee.next
    }
    return nil
  }
}
