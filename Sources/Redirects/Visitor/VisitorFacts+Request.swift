import Links
import Web

extension VisitorFacts {
  /// The facts of a request that rules ask for.
  ///
  /// - Parameters:
  ///   - request: The visitor's.
  ///   - needs: What costs something is found out only if the rules ask for it.
  ///   - now: Milliseconds since 1970.
  init(of request: Request, _ needs: Needs, at now: Int64) {
    self.init(
      query: request.query, acceptedLanguages: request.language,
      address: needs.contains(.address) ? IPAddress(request.remoteAddress) : nil,
      agent: needs.contains(.agent) ? VisitorAgent(userAgent: request.userAgent) : nil,
      milliseconds: now)
  }
}
