import API
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
  /// Visits of so many links were deleted lately that they can't be left out.
  case tooManyDeletions
  /// A series of so many parts isn't answered.
  case tooManyBuckets
  /// ClickHouse, which has the counts, or PostgreSQL, which has the links, is unavailable now.
  case unavailable(StoreError)
  /// One of them didn't find the answer within the time that one request may take.
  case tooSlow(StoreError)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .linkNotFound(let slug, let domain): .noShortURL(slug.description, domain: domain)
    case .tagNotFound(let tag): .noTag(tag)
    case .domainNotFound(let authority): .noDomain(authority)
    case .tooManyLinks: Problem(.tooManyLinks, detail: ProblemType.tooManyLinks.detail)
    case .tooManyDeletions:
      .unavailable(
        """
        Visits of more than \(KeptVisits.limit) links were deleted lately. Those of fewer links can be added up \
        now; those of all links, a day later.
        """, retryAfterSeconds: 3600)
    case .tooManyBuckets:
      InputFailure.invalid([
        Complaint(
          "bucket", InvalidValue("makes more than \(Buckets.limit) parts of this range"))
      ]).problem(isREST: true)
    case .unavailable(let error):
      .unavailable(
        error.store == .clickHouse
          ? "Statistics can't be read for now; redirects go on and are counted."
          : "Which link has this name can't be told for now.",
        retryAfterSeconds: error.retryAfterSeconds)
    case .tooSlow(let error):
      .unavailable(
        "This takes too long to find. It is faster between dates that are closer together.",
        retryAfterSeconds: error.retryAfterSeconds)
    }
  }
}
