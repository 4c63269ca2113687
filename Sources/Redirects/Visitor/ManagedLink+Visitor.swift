import Links
import Web

extension ManagedLink {
  /// Where the link leads one visitor.
  struct Target {
    /// The URL for `Location`.
    let destination: DestinationURL
    /// The priority of the rule that says so; 0 for the link's own destination.
    let rule: UInt32
  }

  /// Finds where the link leads for this request.
  ///
  /// - Parameters:
  ///   - request: The visitor's.
  ///   - now: Milliseconds since 1970.
  /// - Returns: The destination, and the rule that says so.
  /// - Throws: `unknownCode` before it is valid, `gone` afterwards.
  func target(for request: Request, at now: Int64) throws(RedirectFailure) -> Target {
    if let start = terms.validSince, now < start { throw .unknownCode }
    if let end = terms.validUntil, now >= end { throw .gone }
    let found = terms.rules.flatMap {
      $0.evaluate(VisitorFacts(of: request, $0.needs, at: now))
    }
    let destination = found?.destination ?? destination
    return Target(
      destination: terms.forwardsQuery ? destination.forwarding(request.query) : destination,
      rule: found.map { UInt32($0.index + 1) } ?? 0)
  }
}
