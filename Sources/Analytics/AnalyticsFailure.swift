import JSON
package import Links
package import Sessions
package import Web

/// All failures of a question about visits.
package enum AnalyticsFailure: Answerable {
  case unknownCode
  /// The caller can see no link of this name; the domain is as given.
  case linkNotFound(Slug, domain: String?)
  case tagNotFound(String)
  case domainNotFound(String)
  /// A list of visits of so many links can't be read.
  case tooManyLinks
  /// ClickHouse, which has the counts, or PostgreSQL, which has the links, is unavailable now.
  case unavailable(StoreError)
  /// One of them didn't find the answer within the time that one request may take.
  case tooSlow(StoreError)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .linkNotFound(let slug, let domain): Self.linkNotFound(slug, domain)
    case .tagNotFound(let tag):
      Problem(
        ProblemType.Shlink.tagNotFound, detail: "There is no such tag.",
        members: [.init("tag", .string(tag))])
    case .domainNotFound(let authority):
      Problem(
        ProblemType.Shlink.domainNotFound, detail: "There is no such domain.",
        members: [.init("authority", .string(authority))])
    case .tooManyLinks: Problem(.tooManyLinks, detail: ProblemType.tooManyLinks.detail)
    case .unavailable(let error):
      .unavailable(
        error.store == .clickHouse
          ? "Statistics can't be read for now; redirects go on and are counted."
          : "Which link has this name can't be told for now.",
        retryAfterSeconds: error.retryAfterSeconds)
    case .tooSlow(let error):
      .unavailable(
        "This takes too long to find. A list of visits is faster between dates.",
        retryAfterSeconds: error.retryAfterSeconds)
    }
  }

  private static func linkNotFound(_ slug: Slug, _ domain: String?) -> Problem {
    var members = [JSONObject.Member("shortCode", .string(slug.description))]
    if let domain { members.append(.init("domain", .string(domain))) }
    return Problem(
      ProblemType.Shlink.shortURLNotFound, detail: "There is no such short URL.", members: members)
  }
}
