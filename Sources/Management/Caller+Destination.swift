import Access
import Links

extension Caller {
  /// Refuses a URL of a scheme that the caller's links may not have.
  func refuse(_ url: DestinationURL, as member: String) throws(ManagementFailure) {
    if let reason = reason(against: url) { throw .refused(member, reason) }
  }

  /// Why the caller's links may not have these rules; nil when they may.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - domains: Those of this installation, which no rule may lead to.
  /// - Returns: The failure.
  func refusal(of rules: [RedirectRule], _ domains: DomainList?) -> ManagementFailure? {
    for (index, rule) in rules.enumerated() {
      let leadsBack = domains?.isLedTo(by: rule.destination) ?? false
      guard let reason = leadsBack ? Self.leadsBack : reason(against: rule.destination) else {
        continue
      }
      return .refused("redirectRules", "is wrong at [\(index)].longUrl: \(reason)")
    }
    guard !rules.isEmpty else { return nil }
    guard let stored = RedirectRules(rules)?.stored else {
      let (rules, conditions) = (RedirectRules.limit, RedirectRules.conditionLimit)
      return .refused(
        "redirectRules", "may have \(rules) rules and \(conditions) conditions at most")
    }
    let length = stored.utf8.count
    guard length <= RedirectRules.longestStored else {
      return .refused(
        "redirectRules",
        "takes \(length) bytes, and may take \(RedirectRules.longestStored) at most")
    }
    return nil
  }

  private static let leadsBack = "The URL leads back to this shortener"

  private func reason(against url: DestinationURL) -> String? {
    url.isWeb || hasAnyScheme
      ? nil : "must begin with http:// or https://, since this key has no scope any-scheme"
  }
}
