package import API
import Access
import Destinations
import JSON
import Links
package import Sessions
package import Web

/// All failures of an operation on links and what belongs to them.
package enum ManagementFailure: Answerable {
  /// A store or the source of ids is unavailable now.
  case unavailable(StoreError)
  /// PostgreSQL didn't find the answer within the time that one request may take.
  case tooSlow(StoreError)
  /// It is unknown whether the change was made: PostgreSQL was lost at its commit.
  case inDoubt(StoreError)
  /// The caller can see no link of this name.
  case notFound(ShortURLName)
  /// Another link has this name; the caller may be unable to see it.
  case nameTaken(ShortURLName)
  /// The link has so many visits or more that it may not be deleted by an API key.
  case visitedTooOften(ShortURLName, threshold: Int)
  /// The link is deleted. Clients get the same answer as for no link.
  case deleted(ShortURLName)
  /// The link isn't as the request says that it was.
  case changedMeanwhile(ShortURL)
  /// A part of the input that can be checked only where the links are, or for one that the caller can see.
  case invalid(InputFailure)
  /// The URL of `POST /shorten` leads to a domain of this installation.
  case leadsBack
  /// Something about an API key.
  case key(KeyFailure)
  /// Something about a session.
  case session(SessionFailure)
  /// Something about a tenant.
  case tenant(TenantFailure)
  /// The caller's tenant has no such domain.
  case domainNotFound(String)
  /// A link or a key needs the domain.
  case domainInUse(String)
  /// What was asked of tags can't be done.
  case tags(TagFailure)

  /// The caller's tenant was deleted meanwhile, and before that all of its keys.
  case tenantGone

  /// The URL of a member leads back to this shortener.
  static func leadsBack(_ member: String) -> ManagementFailure {
    .invalid(
      .invalid([
        Complaint(
          member, InvalidValue(DestinationURLError.leadsBack.description, as: .invalidURL))
      ]))
  }

  /// A member of the input is wrong.
  static func refused(_ member: String, _ reason: String) -> ManagementFailure {
    .invalid(.invalid([Complaint(member, InvalidValue(reason))]))
  }

  package var problem: Problem {
    switch self {
    case .unavailable(let error):
      .unavailable("Links can't be stored for now.", retryAfterSeconds: error.retryAfterSeconds)
    case .tooSlow(let error):
      .unavailable(
        "This takes too long to find. A list is faster with a longer search text, or between dates.",
        retryAfterSeconds: error.retryAfterSeconds)
    case .inDoubt(let error):
      .unavailable(
        "The change may have been made or not: nobody can say for now.",
        retryAfterSeconds: error.retryAfterSeconds)
    case .notFound(let name), .deleted(let name):
      .noShortURL(name.slug.description, domain: name.domain)
    case .changedMeanwhile(let present): Self.changedMeanwhile(present)
    case .invalid(let failure): failure.problem(isREST: true)
    case .leadsBack:
      Problem(.invalidURL, detail: DestinationURLError.leadsBack.description)
    case .key(let failure): failure.problem
    case .session(let failure): failure.problem
    case .tenant(let failure): failure.problem
    case .tenantGone: AccessFailure.invalidKey.problem
    case .nameTaken(let name): Self.nameTaken(name)
    case .visitedTooOften(let name, let threshold): Self.visitedTooOften(name, threshold)
    case .domainNotFound(let domain): .noDomain(domain)
    case .domainInUse(let domain):
      Problem(
        .domainInUse, detail: ProblemType.domainInUse.detail,
        members: [.init("authority", .string(domain))])
    case .tags(let failure): failure.problem
    }
  }

  private static func changedMeanwhile(_ present: ShortURL) -> Problem {
    var json = JSONWriter()
    present.write(to: &json)
    // What the writer writes, the parser reads.
    let now = (try? JSONValue(parsing: json.bytes)) ?? .null
    return Problem(
      .revisionConflict, detail: ProblemType.revisionConflict.detail,
      members: [.init("shortUrl", now)])
  }

  private static func visitedTooOften(_ name: ShortURLName, _ threshold: Int) -> Problem {
    var members: [JSONObject.Member] = [
      .init("shortCode", .string(name.slug.description)),
      .init("threshold", .number("\(threshold)")),
    ]
    if let domain = name.domain { members.append(.init("domain", .string(domain))) }
    return Problem(
      ProblemType.Shlink.invalidDeletion, detail: "The link has \(threshold) visits or more.",
      members: members)
  }

  private static func nameTaken(_ name: ShortURLName) -> Problem {
    var members = [JSONObject.Member("customSlug", .string(name.slug.description))]
    var place = ""
    if let domain = name.domain {
      members.append(.init("domain", .string(domain)))
      place = " for domain \"\(domain)\""
    }
    return Problem(
      ProblemType.Shlink.nonUniqueSlug,
      detail: "Provided slug \"\(name.slug)\" is already in use\(place).", members: members)
  }
}
