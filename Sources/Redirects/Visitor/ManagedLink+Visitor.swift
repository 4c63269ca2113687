import Links
import Places
import Web

extension ManagedLink {
  /// Where the link leads one visitor.
  struct Target {
    /// The URL for `Location`.
    let destination: DestinationURL
    /// The priority of the rule that says so; 0 for the link's own destination.
    let rule: UInt32
  }

  /// Refuses a visit outside the link's dates.
  ///
  /// - Parameter now: Milliseconds since 1970.
  /// - Throws: `early` before it is valid, `gone` afterwards.
  func requireValidity(at now: Int64) throws(RedirectFailure) {
    if let start = terms.validSince, now < start { throw .early }
    if let end = terms.validUntil, now >= end { throw .gone }
  }

  /// Finds where the link leads for this request.
  ///
  /// - Parameters:
  ///   - request: The visitor's.
  ///   - places: Knows where the visitor is.
  ///   - now: Milliseconds since 1970.
  /// - Returns: The destination, and the rule that says so.
  /// - Throws: `early` before it is valid, `gone` afterwards.
  func target(
    for request: Request, _ places: PlaceFinder, at now: Int64
  ) throws(RedirectFailure) -> Target {
    try requireValidity(at: now)
    let found = terms.rules.flatMap {
      $0.evaluate(VisitorFacts(of: request, $0.needs, places, at: now))
    }
    let destination = found?.destination ?? destination
    return Target(
      destination: terms.forwardsQuery ? destination.forwarding(request.query) : destination,
      rule: found.map { UInt32($0.index + 1) } ?? 0)
  }
}
