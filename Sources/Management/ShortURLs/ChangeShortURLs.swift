package import Links
import Lookup
package import Sessions

/// Changes links: PostgreSQL first, then all hosts are told.
package struct ChangeShortURLs {
  private let table: ShortURLTable
  private let redis: RedisSession

  package struct Answer: Sendable {
    /// The links that were changed, as they are now.
    package let changed: [Link]
    /// Those that are deleted and so can't be changed.
    package let refused: [Link]
    /// Why Redis was not told, so that the dispatcher must announce the changes; nil when it was.
    package let unannounced: StoreError?
  }

  package init(_ table: ShortURLTable, redis: RedisSession) {
    self.table = table
    self.redis = redis
  }

  /// Makes one change to links of the default domain, durable once this returns.
  ///
  /// - Parameters:
  ///   - change: The change.
  ///   - keys: The links; names that no link has are passed over.
  /// - Returns: What became of the links.
  /// - Throws: When PostgreSQL can't say whether the change was made; it may have been made for all of
  ///   them, or for none. The dispatcher announces it if so.
  package func perform(
    _ change: ShortURLChange, on keys: [LinkKey]
  ) throws(StoreError) -> Answer {
    let links = try table.change(keys, change)
    let changed = links.filter { change.isMade(of: $0) }
    var failure: StoreError?
    do throws(StoreError) {
      try Announcement.announce(changed.map(\.key), redis)
    } catch {
      failure = error
    }
    return Answer(
      changed: changed, refused: links.filter { !change.isMade(of: $0) }, unannounced: failure)
  }
}
