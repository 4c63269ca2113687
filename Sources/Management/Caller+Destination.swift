import Access
import Links

extension Caller {
  /// Refuses a URL of a scheme that the caller's links may not have.
  func refuse(_ url: DestinationURL, as member: String) throws(ManagementFailure) {
    if let reason = reason(against: url) { throw .refused(member, reason) }
  }

  /// Why the caller's links may not have these rules; nil when they may.
  func refusal(of rules: [RedirectRule]) -> ManagementFailure? {
    for (index, rule) in rules.enumerated() {
      guard let reason = reason(against: rule.destination) else { continue }
      return .refused("redirectRules", "is wrong at [\(index)].longUrl: \(reason)")
    }
    return nil
  }

  private func reason(against url: DestinationURL) -> String? {
    url.isWeb || hasAnyScheme
      ? nil : "must begin with http:// or https://, since this key has no scope any-scheme"
  }
}
