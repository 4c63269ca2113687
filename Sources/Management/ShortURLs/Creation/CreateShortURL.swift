package import API
package import Access
package import Destinations
package import Links
package import Metrics
import Sessions
package import Web

/// `POST /rest/v3/short-urls`: makes a link with all that it may have.
///
/// It is one unit: when the answer to its commit is lost, that is settled, and no second link is made.
package struct CreateShortURL: Operation {
  package typealias Input = ShortURLCreation
  package typealias Output = ShortURL
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/rest/v3/short-urls")
  package static let permission = Permission.create(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Make a short URL"
  package static let details = """
    The name of a deleted link may be given again. Links made here pass the visitor's query on, unless they \
    are told not to.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.Shlink.nonUniqueSlug]
  package static let endpoint = Endpoint.shortURLs

  /// How many names or ids are tried.
  private static let attempts = 8

  private let ownHosts: OwnHosts
  private let slugs: SlugForm

  package init(_ ownHosts: OwnHosts, _ slugs: SlugForm = .oneSegment) {
    self.ownHosts = ownHosts
    self.slugs = slugs
  }

  package func input(from reader: inout InputReader) -> ShortURLCreation {
    ShortURLCreation(from: &reader, ownHosts, slugs)
  }

  package func perform(
    _ creation: ShortURLCreation, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ShortURL {
    try caller.refuse(creation.longURL, as: "longUrl")
    guard let domain = caller.domain ?? stores.baseURL.domain(named: creation.domain) else {
      throw .refused("domain", "must be the name of a host")
    }
    try stores.refuse(leadingBack: [("longUrl", creation.longURL)], from: domain)
    var areReserved = true
    for _ in 0..<Self.attempts {
      let new = try next(creation, in: domain, stores)
      guard !new.key.slug.isReserved else { continue }
      areReserved = false
      let outcome = try stores.units.perform("make a short URL", for: caller) {
        unit throws(TableError) in try unit.make(new, for: caller)
      }
      switch outcome {
      case .made(let link), .found(let link): return link
      case .domainRefused:
        throw .refused("domain", DomainClaim.refusal)
      case .domainsFull: throw DomainClaim.fullFailure
      case .idTaken: stores.creation.wasTaken(new.id)
      case .nameTaken:
        guard case .made = creation.name else {
          throw .nameTaken(ShortURLName(new.key.slug, domain: creation.domain))
        }
      }
    }
    if areReserved { throw .refused("pathPrefix", "makes reserved names only") }
    throw .refused("shortCodeLength", "is too small: nearly all codes of this length are taken")
  }

  private func next(
    _ creation: ShortURLCreation, in domain: String, _ stores: ManagementStores
  ) throws(ManagementFailure) -> NewShortURL {
    let id = try stores.creation.nextID()
    guard let slug = creation.name.slug(for: id, stores.creation.defaults.codes) else {
      throw .refused(
        "pathPrefix", "is too long: a name has \(Slug.maximumLength) characters at most")
    }
    return NewShortURL(
      id: id, key: LinkKey(slug, domain: domain), creation: creation,
      wantsTitle: creation.title == nil && creation.longURL.isWeb
        && stores.creation.defaults.resolvesTitles)
  }
}
