import API
import Web

extension InputFailure {
  /// What the operator is told: options in place of the members and parameters that they stand for.
  var complaint: String {
    guard case .invalid(let complaints) = self, !complaints.contains(where: \.isOfPath) else {
      return problem(isREST: true).detail
    }
    return complaints.map(\.optionSentence).joined(separator: " ")
  }
}

extension Complaint {
  /// The option or argument that stands for the field; the field's own name where none does.
  var option: String { Self.options[name] ?? name }

  fileprivate var optionSentence: String {
    value.isSentence ? value.reason : "\(option) \(value.reason)."
  }

  private static let options = [
    "longUrl": "the URL", "customSlug": "--slug", "pathPrefix": "--prefix",
    "shortCodeLength": "--length", "domain": "the domain", "validSince": "--valid-since",
    "validUntil": "--valid-until", "maxVisits": "--max-visits", "tags": "--tag",
    "title": "--title", "baseUrlRedirect": "--base-url", "regular404Redirect": "--regular-404",
    "invalidShortUrlRedirect": "--invalid-short-url", "redirectRules": "the list of rules",
    "roles": "--domain", "scopes": "--scope", "expiresAt": "--expires", "rateLimit": "--rate-limit",
    "name": "the name", "url": "--url", "address": "--address", "time": "--time",
    "headers": "--user-agent or --language", "shortCode": "CODE", "tag": "--tag",
  ]
}
