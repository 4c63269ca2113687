import Links
import Web

extension ManagedLink {
  /// Finds where the link leads for this request.
  ///
  /// - Parameters:
  ///   - request: The visitor's.
  ///   - now: Milliseconds since 1970.
  /// - Returns: The URL for `Location`.
  /// - Throws: `unknownCode` before it is valid, `gone` afterwards, `unavailable` when its visits are
  ///   limited in number.
  func destination(for request: Request, at now: Int64) throws(RedirectFailure) -> DestinationURL {
    if let start = terms.validSince, now < start { throw .unknownCode }
    if let end = terms.validUntil, now >= end { throw .gone }
    if terms.isLimited { throw .unavailable(retryAfterSeconds: 1) }
    return terms.forwardsQuery ? destination.forwarding(request.query) : destination
  }
}
