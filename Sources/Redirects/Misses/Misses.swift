import Clicks
import HTTPTypes
import Links
package import Metrics
package import Service
package import Web

/// Answers visitors that no link leads on: by the redirect of the domain for such visitors, or by the
/// problem.
package struct Misses {
  private let lookup: LinkLookup
  private let orphans: OrphanVisits
  /// The authority of the default domain.
  private let authority: String
  private let meter: Meter

  /// - Parameters:
  ///   - lookup: Finds the domain of a request.
  ///   - orphans: Counts the visits.
  ///   - settings: Their `BASE_URL` names the default domain.
  ///   - meter: Counts the requests that no route took.
  package init(
    _ lookup: LinkLookup, _ orphans: OrphanVisits, _ settings: Settings, meter: Meter
  ) {
    self.lookup = lookup
    self.orphans = orphans
    authority = settings.baseURL.authority
    self.meter = meter
  }

  /// Answers a request for a name.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - failure: Why no link leads on.
  /// - Returns: A redirect or the failure's problem.
  /// - Throws: The failure itself unless it tells where the link leads: nowhere. `handedOn` when this
  ///   worker doesn't know the domain.
  func answer(
    _ request: Request, to failure: RedirectFailure
  ) throws(RedirectFailure) -> Response {
    switch failure {
    case .handedOn, .unavailable: throw failure
    case .unknownCode, .gone, .early, .spent:
      return try answer(request, of: .invalidShortURL, otherwise: failure.problem)
    }
  }

  /// Answers a request that no route took, and counts it.
  ///
  /// - Returns: Nil for another method than GET and HEAD.
  package func answer(_ request: Request) -> Response? {
    guard request.method == .get || request.method == .head else { return nil }
    let isBase = request.path.allSatisfy { $0 == UInt8(ascii: "/") }
    do throws(RedirectFailure) {
      let problem = Problem(.notFound, detail: ProblemType.notFound.summary)
      let response =
        isBase
        ? try answer(request, of: .baseURL, otherwise: problem.shown(by: .front))
        : try answer(request, of: .regular404, otherwise: problem)
      meter.count(.none, status: response.status.code)
      return response
    } catch {
      meter.add(.handOns)
      return error.problem.response
    }
  }

  private func answer(
    _ request: Request, of kind: ClickKind, otherwise problem: Problem
  ) throws(RedirectFailure) -> Response {
    let domain = try lookup.domain(of: request)
    orphans.record(request, kind, domain: domain.number)
    let target = domain.redirects.destination(of: kind)?.filled(
      domain: domain.authority.isEmpty ? authority : domain.authority, path: request.path)
    guard let target else { return problem.response }
    // nginx redirects in place of a 404 with a Location, after the limit for unknown codes.
    let isLimited = kind == .invalidShortURL && problem.status == .notFound
    return Response(
      status: isLimited ? .notFound : .found, location: target.description,
      fields: Response.uncachedFields)
  }
}

extension NotFoundRedirects {
  fileprivate func destination(of kind: ClickKind) -> DestinationURL? {
    switch kind {
    case .link: nil
    case .baseURL: baseURL
    case .invalidShortURL: invalidShortURL
    case .regular404: regular404
    }
  }
}

extension Response {
  /// Those of an answer that no cache may keep.
  static let uncachedFields = [Field("Cache-Control", "no-store")]
}
