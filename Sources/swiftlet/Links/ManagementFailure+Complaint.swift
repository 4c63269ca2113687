import API
import Destinations
import Management
import Sessions
import Web

extension ManagementFailure {
  /// Whether it concerns one link, so that others may be changed all the same.
  var isOfItsLink: Bool {
    switch self {
    case .notFound, .deleted, .nameTaken, .visitedTooOften, .changedMeanwhile: true
    case .unavailable, .tooSlow, .inDoubt, .invalid, .key, .session, .tenant, .tags, .tenantGone,
      .domainNotFound, .domainInUse, .leadsBack:
      false
    }
  }

  /// What the operator is told.
  var complaint: String {
    switch self {
    case .unavailable(let error): error.debugDescription
    case .tooSlow(let error):
      "this takes too long to find: try a longer text to search for (\(error.debugDescription))"
    case .inDoubt(let error):
      "nobody can say whether the change was made (\(error.debugDescription)). "
        + "Give the command again: it may be repeated."
    case .notFound(let name): "there is no link \(name.slug)"
    case .invalid(let failure): failure.complaint
    case .visitedTooOften(let name, let threshold):
      "\(name.slug) has \(threshold) visits or more"
    case .changedMeanwhile(let link): "\(link.shortCode) was changed meanwhile"
    case .nameTaken(let name): "a link has the name \(name.slug) already"
    case .deleted(let name): "\(name.slug) is deleted: it can't be changed"
    case .key(let failure): failure.problem.detail
    case .session(let failure): failure.problem.detail
    case .tenant(let failure): failure.problem.detail
    case .tags(let failure): failure.problem.detail
    case .leadsBack: DestinationURLError.leadsBack.description
    case .domainNotFound(let domain):
      "there is no domain \(domain.printable): `swiftlet domain list` shows those with links or redirects"
    case .domainInUse(let domain): "\(domain.printable) is in use: it has links or API keys"
    case .tenantGone: "the tenant was deleted meanwhile"
    }
  }
}
