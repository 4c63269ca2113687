package import Access
import Web

/// Who sends a request, for operations that note it.
///
/// Its bytes are lent with the request.
package struct Requester {
  private let remoteAddress: Request.Bytes
  private let userAgent: Request.Bytes
  private let cookie: Request.Bytes?

  /// How many characters of a user agent are kept.
  package static let browserLimit = 256

  init(_ request: Request) {
    remoteAddress = request.remoteAddress
    userAgent = request.userAgent
    cookie = request.session
  }

  /// Nobody.
  package init() {
    let none = Request.Bytes(start: nil, count: 0)
    (remoteAddress, userAgent, cookie) = (none, none, nil)
  }

  /// As nginx knows it; nil without one.
  package var address: String? { Self.text(remoteAddress) }

  /// The beginning of its user agent; nil without one.
  package var browser: String? {
    Self.text(userAgent).map { text in
      String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.browserLimit)))
    }
  }

  /// The value of the session that the browser has, which may have ended.
  package var session: Token? { cookie.flatMap { Token($0) } }

  private static func text(_ bytes: Request.Bytes) -> String? {
    bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
