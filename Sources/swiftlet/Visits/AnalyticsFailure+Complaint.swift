import Analytics
import Sessions

extension AnalyticsFailure {
  /// What the operator is told.
  var complaint: String {
    switch self {
    case .unknownCode: "there is no such link"
    case .linkNotFound(let slug, _): "there is no link \(slug)"
    case .tagNotFound(let tag): "there is no tag \(tag.printable)"
    case .domainNotFound(let domain): "there is no domain \(domain.printable)"
    case .tooManyLinks: "these are the visits of too many links: name a tag or a domain"
    case .tooManyDeletions: "visits of too many links were deleted lately: name a tag or a link"
    case .tooManyBuckets: "--bucket makes too many parts of this range"
    case .unavailable(let error): error.debugDescription
    case .tooSlow(let error):
      "this takes too long to find: try --start and --end (\(error.debugDescription))"
    }
  }
}
