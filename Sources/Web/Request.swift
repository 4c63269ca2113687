import Glibc
package import HTTPTypes

/// One request as nginx hands it over: just the parts that are read here.
///
/// Its bytes are lent: they are good until the request is answered, and what is to be kept is copied.
package struct Request {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  package let method: HTTPRequest.Method
  /// The path as it stood on the request line, until unreserved characters are decoded.
  package var path: Bytes
  /// What follows the question mark of the request line.
  package let query: Bytes
  package let contentType: Bytes?
  package let contentEncoding: Bytes?
  /// The client's address as nginx knows it.
  package let remoteAddress: Bytes
  package let userAgent: Bytes
  package let referrer: Bytes
  /// `Accept-Language`; empty where no worker reads it.
  package let language: Bytes
  /// nginx's `$request_id`: 32 hexadecimal digits, the same at a retry.
  package let id: Bytes
  /// Whether nobody is to see the answer yet: it is no visit.
  package let isPrefetch: Bool
  /// How nginx's policies count the visit: empty as any, `0` not at all, else its click's flags.
  package let counting: Bytes
  /// Nil when there was more than is taken.
  package let body: [UInt8]?
  /// `X-Api-Key`; nil where no worker reads it.
  package let apiKey: Bytes?
  /// `Accept`; nil where no worker reads it.
  package let accept: Bytes?
  /// `Authorization`; nil where no worker reads it.
  package let authorization: Bytes?
  /// The value of the cookie of a session; nil where there is none, or none that counts.
  package let session: Bytes?
  /// Whether nginx has seen that a page of this site's own has sent it.
  package let isOfOwnPage: Bool
  /// The host that was asked, in lower case, without port and last dot; empty for the default one.
  package let host: Bytes
  /// How far the request was handed on; nil for the worker that nginx asks first.
  package let handOn: HandOn?

  /// The stages of a redirect that the first worker couldn't answer.
  package enum HandOn: Equatable, Sendable {
    /// It has come to the look-ups, and a last resort follows their failure.
    case lookup
    /// All other workers have failed to say where the link leads: a remembered answer will do.
    case lastResort
  }

  package init(
    method: HTTPRequest.Method, target: Bytes, contentType: Bytes? = nil,
    contentEncoding: Bytes? = nil, remoteAddress: Bytes? = nil, userAgent: Bytes? = nil,
    referrer: Bytes? = nil, language: Bytes? = nil, id: Bytes? = nil, isPrefetch: Bool = false,
    counting: Bytes? = nil, body: [UInt8]? = [], apiKey: Bytes? = nil, accept: Bytes? = nil,
    authorization: Bytes? = nil, session: Bytes? = nil, isOfOwnPage: Bool = false,
    host: Bytes? = nil, handOn: HandOn? = nil
  ) {
    let none = Bytes(start: nil, count: 0)
    self.method = method
    let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
    path = Bytes(rebasing: target[..<end])
    query = end < target.count ? Bytes(rebasing: target[(end + 1)...]) : none
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.remoteAddress = remoteAddress ?? none
    self.userAgent = userAgent ?? none
    self.referrer = referrer ?? none
    self.language = language ?? none
    self.id = id ?? none
    self.isPrefetch = isPrefetch
    self.counting = counting ?? none
    self.body = body
    self.apiKey = apiKey
    self.accept = accept
    self.authorization = authorization
    self.session = session
    self.isOfOwnPage = isOfOwnPage
    self.host = host ?? none
    self.handOn = handOn
  }

  package var isLastResort: Bool { handOn == .lastResort }

  /// Whether the body says of itself that it is JSON (RFC 8259, section 11) in UTF-8.
  package var isJSON: Bool {
    guard let contentType else { return false }
    // The whole value of nearly all clients.
    if contentType.isText("application/json") { return true }
    let parts = contentType.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    return Self.isWord(parts[0], "application/json") && parts.dropFirst().allSatisfy(Self.isUTF8)
  }

  /// Whether the client names plain text first among what it takes (RFC 9110, section 12.5.1).
  package var prefersText: Bool { prefers("text/plain") }

  /// The same of a page; nginx tells it of any client that names one.
  package var prefersPage: Bool { prefers("text/html") }

  private func prefers(_ wanted: StaticString) -> Bool {
    guard let first = accept?.split(separator: UInt8(ascii: ","), maxSplits: 1).first,
      let type = first.split(separator: UInt8(ascii: ";"), maxSplits: 1).first
    else { return false }
    return Self.isWord(type, wanted)
  }

  /// Whether the body comes as it is (RFC 9110, section 8.4).
  package var isUncoded: Bool {
    guard let contentEncoding else { return true }
    return contentEncoding.split(separator: UInt8(ascii: ",")).allSatisfy {
      Self.isWord($0, "identity") || Self.isWord($0, "")
    }
  }

  /// Whether a parameter of the media type is no charset, or names UTF-8.
  private static func isUTF8(_ parameter: Slice<Bytes>) -> Bool {
    let name = parameter.prefix { $0 != UInt8(ascii: "=") }
    guard isWord(name, "charset") else { return true }
    let value = parameter[name.endIndex...].dropFirst()
    return isWord(value, "utf-8") || isWord(value, "\"utf-8\"")
  }

  /// Whether that is the word but for case and for blanks or tabs around it.
  private static func isWord(_ bytes: Slice<Bytes>, _ word: StaticString) -> Bool {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var rest = bytes.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    guard rest.count == word.utf8CodeUnitCount else { return false }
    return zip(rest, 0...).allSatisfy { byte, offset in
      ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == word.utf8Start[offset]
    }
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
