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
  ///   - links: PostgreSQL, which has the links by name.
  package init(stats: StatsStore, links: LinkStore) {
    self.stats = stats
    self.links = links
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
      let stats = try stats.stats(for: slug, link: link?.id)
      if link != nil || !stats.isEmpty { return stats }
    }
    if let failure { throw failure }
    return nil
  }
}
