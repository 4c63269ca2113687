import Glibc
package import HTTPTypes

/// One request as nginx hands it over: just the parts that are read here.
///
/// Its bytes are lent: they are good until the request is answered, and what is to be kept is copied.
package struct Request {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  package let method: HTTPRequest.Method
  /// The path as it stood on the request line, nothing decoded.
  package let path: Bytes
  package let contentType: Bytes?
  /// The client's address as nginx knows it.
  package let remoteAddress: Bytes
  package let userAgent: Bytes
  package let referrer: Bytes
  /// nginx's `$request_id`: 32 hexadecimal digits, the same at a second try.
  package let id: Bytes
  /// Nil when there was more than is taken.
  package let body: [UInt8]?
  /// Whether nobody else could tell where the link leads: what was known once is good enough.
  package let isLastResort: Bool

  package init(
    method: HTTPRequest.Method, target: Bytes, contentType: Bytes? = nil,
    remoteAddress: Bytes? = nil, userAgent: Bytes? = nil, referrer: Bytes? = nil,
    id: Bytes? = nil, body: [UInt8]? = [], isLastResort: Bool = false
  ) {
    let none = Bytes(start: nil, count: 0)
    self.method = method
    path = Bytes(rebasing: target[..<(target.firstIndex(of: UInt8(ascii: "?")) ?? target.count)])
    self.contentType = contentType
    self.remoteAddress = remoteAddress ?? none
    self.userAgent = userAgent ?? none
    self.referrer = referrer ?? none
    self.id = id ?? none
    self.body = body
    self.isLastResort = isLastResort
  }

  /// Whether the body says of itself that it is JSON (RFC 8259, section 11); parameters may follow.
  package var isJSON: Bool {
    guard let contentType else { return false }
    let type = String(decoding: contentType.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
    return type.lowercased().split(separator: " ") == ["application/json"]
  }
}

extension HTTPRequest.Method {
  /// The method that these bytes name, nil when they can't be one; those that we know are not
  /// checked byte by byte.
  package init?(_ bytes: Request.Bytes) {
    if bytes.isText("GET") {
      self = .get
    } else if bytes.isText("HEAD") {
      self = .head
    } else if bytes.isText("POST") {
      self = .post
    } else {
      self.init(String(decoding: bytes, as: UTF8.self))
    }
  }
}

extension Request.Bytes {
  /// Whether they are just these of an ASCII literal.
  package func isText(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && begins(with: text)
  }

  /// Whether they begin with those of an ASCII literal.
  package func begins(with text: StaticString) -> Bool {
    guard let baseAddress, count >= text.utf8CodeUnitCount else { return false }
    return memcmp(baseAddress, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}
