package import Access
package import Links
import Places

/// A change of a link's redirect rules that is made of the present ones, as the command line does it.
///
/// It reads and writes in one unit, while it holds the link's row. So of two changes at the same time the
/// later one is made of what the earlier one has left.
package struct RuleChange {
  private let name: ShortURLName
  private let make: ([RedirectRule]) throws -> [RedirectRule]

  /// - Parameters:
  ///   - name: The link's.
  ///   - make: Makes the new list of the present one. It may run twice, and should not wait.
  package init(
    of name: ShortURLName, _ make: @escaping ([RedirectRule]) throws -> [RedirectRule]
  ) {
    self.name = name
    self.make = make
  }

  /// Does it.
  ///
  /// - Returns: The rules from now on.
  /// - Throws: `ManagementFailure`, or what `make` has thrown; then nothing was changed.
  package func perform(for caller: Caller, in stores: ManagementStores) throws -> RuleList {
    guard let key = name.key(for: caller, base: stores.baseURL) else {
      throw ManagementFailure.notFound(name)
    }
    let geolocation = stores.places.state()
    let domains = stores.ownDomains?.list
    return try stores.units.perform("change redirect rules", for: caller) {
      unit throws(TableError) -> Result<RuleList, any Error> in
      guard let found = try unit.shortURLs.rules(of: key, isLocking: true) else {
        return .failure(ManagementFailure.notFound(name))
      }
      let rules: [RedirectRule]
      do {
        rules = try make(RuleList(longURL: found.longURL, stored: found.rules, geolocation).rules)
        if let refusal = caller.refusal(of: rules, domains) { throw refusal }
      } catch {
        return .failure(error)
      }
      _ = try unit.shortURLs.setRules(of: key, to: RedirectRules(rules)?.stored)
      return .success(RuleList(longURL: found.longURL, rules: rules, geolocation))
    }.get()
  }
}
