package import API
package import Access
package import Links
package import Metrics
import Web

/// `GET /rest/v3/short-urls/availability`: whether a name can be given to a new link.
package struct CheckSlug: Operation {
  package typealias Output = SlugAvailability
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let slug: String
    package let domain: String?

    package init(_ slug: String, domain: String? = nil) {
      self.slug = slug
      self.domain = domain
    }
  }

  package static let route = Route.get("/rest/v3/short-urls/availability")
  package static let permission = Permission.read(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Say whether a slug can be given to a new link"
  package static let details = """
    Somebody else may get it a moment later. A slug is taken, too, where a link has it that isn't yours.
    """
  package static let endpoint = Endpoint.shortURLs

  private let slugs: SlugForm

  package init(_ slugs: SlugForm = .oneSegment) {
    self.slugs = slugs
  }

  package func input(from reader: inout InputReader) -> Input {
    let slug = reader.parameter(
      "slug", .string(atMost: 1024, sample: "summer sale"), "The wanted name, with its beginning.")
    let domain = reader.parameter(
      "domain", .string(atMost: ShortURLName.longestDomain, sample: "go.example.com"),
      "The domain of the link; the default one's name means the same as none.")
    return Input(slug ?? "", domain: domain)
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> SlugAvailability {
    guard let written = SlugText(input.slug, slugs) else {
      return SlugAvailability(input.slug, .invalid, SlugText.expectation)
    }
    guard let slug = Slug(written.text) else {
      return SlugAvailability(written.text, .invalid, NewName.refusal(of: written.text))
    }
    guard !slug.isReserved else {
      return SlugAvailability(written.text, .reserved, NewName.reserved)
    }
    guard let domain = caller.domain ?? stores.baseURL.domain(named: input.domain) else {
      throw .refused("domain", "must be the name of a host")
    }
    let isTaken = try stores.units.read("look for a name", for: caller) {
      unit throws(TableError) -> Bool? in
      guard try unit.domains.mayBeOurs(domain) else { return nil }
      return try unit.shortURLs.isTaken(LinkKey(slug, domain: domain))
    }
    guard let isTaken else { throw .refused("domain", DomainClaim.notYours) }
    return SlugAvailability(written.text, isTaken ? .taken : .free)
  }
}
