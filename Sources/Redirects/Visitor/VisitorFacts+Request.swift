import Links
import Places
import Web

extension VisitorFacts {
  /// The facts of a request that rules ask for.
  ///
  /// - Parameters:
  ///   - request: The visitor's.
  ///   - needs: What costs something is found out only if the rules ask for it.
  ///   - places: Knows where an address is.
  ///   - now: Milliseconds since 1970.
  init(of request: Request, _ needs: Needs, _ places: PlaceFinder, at now: Int64) {
    let address = needs.contains(.address) ? IPAddress(request.remoteAddress) : nil
    self.init(
      query: request.query, acceptedLanguages: request.language, address: address,
      agent: needs.contains(.agent) ? VisitorAgent(userAgent: request.userAgent) : nil,
      place: needs.contains(.place) ? address.flatMap { places.place(of: $0) } : nil,
      milliseconds: now)
  }
}
