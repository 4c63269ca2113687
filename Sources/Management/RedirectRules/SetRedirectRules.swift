package import API
package import Access
package import Destinations
package import Links
package import Metrics
import Places
package import Web

/// `POST /rest/v3/short-urls/{shortCode}/redirect-rules`: replaces the rules of a link.
package struct SetRedirectRules: Operation {
  package typealias Output = RuleList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let name: ShortURLName
    /// Invalid rules are told only to a caller that can see the link.
    package let rules: Result<[RedirectRule], InputFailure>
    /// The state of the link that is meant; nil for any.
    let revision: String?

    package init(
      _ name: ShortURLName, _ rules: Result<[RedirectRule], InputFailure>, revision: String? = nil
    ) {
      self.name = name
      self.rules = rules
      self.revision = revision
    }
  }

  package static let route = Route.post("/rest/v3/short-urls/{shortCode}/redirect-rules")
  package static let permission = Permission.edit(.shortURLs)
  package static let topic = Topic.redirectRules
  package static let summary = "Set the redirect rules of a short URL"
  package static let details = """
    The list replaces the one before; an empty one removes all rules. Redirects try the rules in this \
    order. All hosts follow within a second. With a `revision` nothing is changed where the link isn't as it \
    was then.

    `query-param` has the parameter's name as `matchKey` and its value as `matchValue`. \
    `any-value-query-param` and `valueless-query-param` have the name only. All others have `matchValue` \
    only: `language` a tag such as `en` or `en-GB`; `ip-address` an address, a CIDR block, or an address \
    with `*` for some of its parts, of IPv4 or IPv6; `geolocation-country-code` two letters; \
    `geolocation-city-name` a city's English name; `before-date` and `after-date` a date or a time. \
    Conditions on places need a geolocation database. On a host without one they hold for no visitor.

    All rules together take \(RedirectRules.longestStored) bytes at most: their URLs, types, keys and \
    values, and some 20 bytes for each rule and condition.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.Shlink.shortURLNotFound, .revisionConflict]
  package static let endpoint = Endpoint.shortURLs

  private let ownHosts: OwnHosts

  package init(_ ownHosts: OwnHosts) {
    self.ownHosts = ownHosts
  }

  package func input(from reader: inout InputReader) -> Input {
    Input(
      ShortURLName(from: &reader),
      reader.deferred(
        "redirectRules", .redirectRules(ownHosts),
        "The rules, in the order in which they are tried."),
      revision: reader.optional("revision", .revision, EditShortURL.revisionSummary))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> RuleList {
    guard let key = input.name.key(for: caller, base: stores.baseURL) else {
      throw .notFound(input.name)
    }
    switch input.rules {
    case .success(let rules):
      if let refusal = caller.refusal(of: rules, stores.ownDomains?.list) {
        _ = try ListRedirectRules().perform(input.name, for: caller, in: stores)
        throw refusal
      }
      let stored = RedirectRules(rules)?.stored
      let link = try stores.units.perform("set redirect rules", for: caller) {
        unit throws(TableError) -> Result<ShortURL, ManagementFailure> in
        if let conflict = try unit.shortURLs.conflict(of: key, with: input.revision) {
          return .failure(conflict)
        }
        return try unit.shortURLs.setRules(of: key, to: stored).map { .success($0) }
          ?? .failure(.notFound(input.name))
      }.get()
      return RuleList(longURL: link.longURL, rules: rules, stores.places.state())
    case .failure(let failure):
      _ = try ListRedirectRules().perform(input.name, for: caller, in: stores)
      throw .invalid(failure)
    }
  }
}
