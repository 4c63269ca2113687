/// A server's answer: a successful transfer, with any status.
package struct Answer: Equatable, Sendable {
  /// The status of HTTP; 0 for a transfer that only connects.
  package let status: Int
  package let body: [UInt8]
  /// The value of `Content-Type`.
  package let contentType: String?
  /// Where a redirect leads: an absolute URL, as libcurl has made it.
  package let redirect: String?

  /// When the server's certificate ends, in seconds since 1970; nil without one.
  package let certificateEnd: Int64?

  init(
    status: Int, body: [UInt8], contentType: String? = nil, redirect: String? = nil,
    certificateEnd: Int64? = nil
  ) {
    self.status = status
    self.body = body
    self.contentType = contentType
    self.redirect = redirect
    self.certificateEnd = certificateEnd
  }
}
