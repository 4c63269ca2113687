package import Links
package import Lookup
package import Sessions
package import Visits

/// The counts of the link that a text names: one question for `GET /stats` and `swiftlet stats`.
package struct StatsLookup {
  private let stats: StatsStore
  private let links: LinkStore

  /// - Parameters:
  ///   - stats: ClickHouse, which has the counts by link id.
  ///   - links: PostgreSQL, which says whose name a slug is.
  package init(stats: StatsStore, links: LinkStore) {
    self.stats = stats
    self.links = links
  }

  /// The counts of the first slug that is a link's: of one that PostgreSQL knows, or one with clicks.
  ///
  /// Where PostgreSQL can't tell, only a slug that tells its link's id can have clicks. Of two slugs the
  /// second is taken then, if it has some: so a full stop behind a link costs nothing.
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
      let stats = try stats.stats(for: slug, link: link?.id)
      if link != nil || !stats.isEmpty { return stats }
    }
    if let failure { throw failure }
    return nil
  }
}
