package import HTTPTypes

/// One request as nginx hands it over: just the parts that are read here.
package struct Request: Sendable {
  package let method: HTTPRequest.Method
  /// The path as it stood on the request line, nothing decoded.
  package let path: Substring
  package let contentType: String?
  /// The client's address as nginx knows it.
  package let remoteAddress: String
  package let userAgent: String
  package let referrer: String
  /// nginx's `$request_id`: 32 hexadecimal digits, the same at a second try.
  package let id: String
  /// Nil when there was more than is taken.
  package let body: [UInt8]?

  package init(
    method: HTTPRequest.Method, target: String, contentType: String? = nil,
    remoteAddress: String = "", userAgent: String = "", referrer: String = "", id: String = "",
    body: [UInt8]? = []
  ) {
    self.method = method
    path = target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
    self.contentType = contentType
    self.remoteAddress = remoteAddress
    self.userAgent = userAgent
    self.referrer = referrer
    self.id = id
    self.body = body
  }

  /// Whether the body says of itself that it is JSON (RFC 8259, section 11); parameters may follow.
  package var isJSON: Bool {
    guard let contentType else { return false }
    let type = contentType.prefix { $0 != ";" }
    return type.lowercased().split(separator: " ") == ["application/json"]
  }
}
