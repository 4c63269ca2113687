import Links

/// A link that is to be made.
struct NewShortURL {
  let id: SnowflakeID
  let key: LinkKey
  let creation: ShortURLCreation
  /// Whether it is to get the title of its page.
  let wantsTitle: Bool

  /// What became of it.
  enum Outcome {
    case made(ShortURL)
    /// Another link has all that was asked for.
    case found(ShortURL)
    case nameTaken
    case idTaken
    /// The caller can't use the domain.
    case domainRefused
    /// Nobody has the domain, and there are too many for another one.
    case domainsFull
  }
}
