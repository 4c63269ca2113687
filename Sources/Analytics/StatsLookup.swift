package import Links
package import Lookup
package import Sessions
package import Visits

/// The counts of the link that a text names: one question for `GET /stats` and `swiftlet stats`.
package struct StatsLookup {
  private let stats: StatsStore
  private let links: LinkStore

  /// - Parameters:
  ///   - stats: ClickHouse.
  ///   - links: PostgreSQL, only to tell a link without clicks from an unknown code.
  package init(stats: StatsStore, links: LinkStore) {
    self.stats = stats
    self.links = links
  }

  /// The counts of the first slug that is a link's: of one with clicks, or one that PostgreSQL knows.
  ///
  /// Where PostgreSQL can't tell of the first slug, the second is taken if it has clicks. So a full stop
  /// behind a link costs nothing then.
  ///
  /// - Returns: Nil when no slug is a link's.
  package func stats(of slugs: [Slug]) throws(StoreError) -> LinkStats? {
    var failure: StoreError?
    for slug in slugs {
      let stats = try stats.stats(for: slug)
      if !stats.isEmpty { return stats }
      do throws(StoreError) {
        if try links.find(LinkKey(slug)) != nil { return stats }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return nil
  }
}
