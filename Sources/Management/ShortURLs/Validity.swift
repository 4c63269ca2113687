import API

/// When a link leads somewhere, in milliseconds since 1970.
struct Validity {
  let since: Int64?
  let until: Int64?

  static let beginsLate = "must not be after the time until which the link is valid"
  static let endsEarly = "must not be before the time from which the link is valid"
}

extension ShortURLEdition {
  /// Whether one end of the validity is set and the link keeps the other one.
  var setsOneEnd: Bool {
    switch (validSince, validUntil) {
    case (.set, .keep), (.keep, .set): true
    default: false
    }
  }

  /// Why the end that is set doesn't fit what the link has; nil when it does.
  func complaint(beside validity: Validity) -> Complaint? {
    if case .set(let since) = validSince, let until = validity.until, since > until {
      return Complaint("validSince", InvalidValue(Validity.beginsLate))
    }
    if case .set(let until) = validUntil, let since = validity.since, since > until {
      return Complaint("validUntil", InvalidValue(Validity.endsEarly))
    }
    return nil
  }
}
