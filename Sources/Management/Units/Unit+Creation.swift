import Access
import Links

extension Unit {
  /// Makes a link with its tags and its domain, or finds one like it where that is asked for.
  mutating func make(
    _ new: NewShortURL, for caller: Caller
  ) throws(TableError) -> NewShortURL.Outcome {
    // What is found is shown.
    if new.creation.findsExisting, caller.may(.read(.shortURLs)),
      let found = try shortURLs.existing(like: new, for: caller)
    {
      return .found(found)
    }
    switch try domains.claim(new.key.domain) {
    case .granted: break
    case .refused: return .domainRefused
    case .full: return .domainsFull
    }
    guard var made = try shortURLs.insert(new, for: caller) else {
      return try shortURLs.isTaken(new.key) ? .nameTaken : .idTaken
    }
    if !new.creation.tags.isEmpty {
      try tags.set(new.creation.tags, of: made.id)
      made.tags = new.creation.tags.map(\.description)
    }
    return .made(made)
  }
}
