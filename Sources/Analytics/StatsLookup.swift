import Access
package import Links
package import Lookup
package import Sessions
package import Visits

/// The counts of the link that a text names: one question for `GET /stats` and `swiftlet stats`.
package struct StatsLookup {
  private let stats: StatsStore
  private let links: LinkStore
  private let sight: LinkSight?

  /// - Parameters:
  ///   - stats: ClickHouse, which has the counts by link id.
  ///   - links: PostgreSQL, which has the links by name.
  ///   - sight: PostgreSQL, which has whose a link is; nil where no keys are used.
  package init(stats: StatsStore, links: LinkStore, sight: LinkSight? = nil) {
    self.stats = stats
    self.links = links
    self.sight = sight
  }

  /// The counts of the first slug that has a link, for a caller: a key's holder sees those of its links only.
  ///
  /// - Returns: Nil when no slug is a link's that the caller sees.
  func stats(of slugs: [Slug], for caller: Caller) throws(StoreError) -> LinkStats? {
    guard caller.key != nil else { return try stats(of: slugs) }
    guard let sight else { return nil }
    for slug in slugs {
      guard let link = try links.find(LinkKey(slug)) else { continue }
      guard link.state != .deleted, try sight.includes(link.id, Visibility(of: caller)) else {
        return nil
      }
      return try counts(of: slug, link)
    }
    return nil
  }

  /// What was counted for a link, without what an earlier one of its name has.
  private func counts(of slug: Slug, _ link: Link) throws(StoreError) -> LinkStats {
    // Nothing is counted for a name that tells an id.
    let isName = Scope(name: slug.description.utf8).isName
    let isNameReused = try isName ? links.hasEarlierOwner(link) : false
    return try stats.stats(for: slug, link: link.id, isNameReused: isNameReused)
  }

  /// The counts of the first slug that has a link in PostgreSQL, or clicks.
  ///
  /// Without PostgreSQL, only a slug that tells its link's id can have clicks. Of two slugs the
  /// second is used then, if it has some. So a full stop behind a link is harmless.
  ///
  /// A disabled link is answered. A deleted one counts as none, and nothing else is shown in its
  /// place. While PostgreSQL can't tell, it is answered like any other.
  ///
  /// - Returns: Nil when no slug is a link's.
  package func stats(of slugs: [Slug]) throws(StoreError) -> LinkStats? {
    var failure: StoreError?
    for slug in slugs {
      var link: Link?
      do throws(StoreError) {
        link = try links.find(LinkKey(slug))
      } catch {
        failure = error
        guard Scope(name: slug.description.utf8).isLink else { continue }
      }
      if link?.state == .deleted { return nil }
      let stats =
        if let link { try counts(of: slug, link) } else { try stats.stats(for: slug) }
      if link != nil || !stats.isEmpty { return stats }
    }
    if let failure { throw failure }
    return nil
  }
}
