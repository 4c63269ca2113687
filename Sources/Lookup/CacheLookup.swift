package import Links

/// What the cache knows of a link's name.
package enum CacheLookup: Equatable, Sendable {
  case hit(PlainLink)
  /// A short while ago there was no such link.
  case missing
  /// The link is disabled or deleted.
  case gone
  /// Nothing, or the cache can't be asked: PostgreSQL decides. The lease lets its answer into the cache.
  case unknown(CacheLease)
}
