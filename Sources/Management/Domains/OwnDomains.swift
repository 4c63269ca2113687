import Destinations
import Links
package import Lookup

/// The domains of this installation: URLs of their hosts lead back to it.
///
/// A worker remembers the list for `HOT_CACHE_MS` and until it changes. So a new link asks nobody, but for
/// the first one of that time.
package struct OwnDomains {
  private let cache: DomainCache
  private let links: LinkStore

  package init(_ cache: LinkCache, _ links: LinkStore) {
    self.cache = cache.domains
    self.links = links
  }

  /// The list; nil while no store can tell it: then no URL is refused for its host.
  var list: DomainList? {
    switch cache.lookup(isLeasing: true) {
    case .known(let list): return list
    case .unknown(let lease):
      guard let list = try? links.domains() else { return cache.last(under: lease) }
      cache.remember(list, under: lease)
      return list
    }
  }
}

extension DomainList {
  /// Whether a URL leads to one of the domains; the default one's hosts are no part of the list.
  func isLedTo(by url: DestinationURL) -> Bool {
    guard count > 1, let host = url.hostName else { return false }
    return self[host] != nil
  }
}

extension ManagementStores {
  /// Refuses URLs that lead to a domain of this installation.
  ///
  /// - Parameters:
  ///   - urls: With the member that each comes from; nil for none.
  ///   - domain: The domain that they are for, which may be a new one; empty for the default one.
  /// - Throws: The complaint about the first one.
  func refuse(
    leadingBack urls: [(member: String, url: DestinationURL?)], from domain: String
  ) throws(ManagementFailure) {
    let list = ownDomains?.list
    for (member, url) in urls {
      guard let url else { continue }
      guard list?.isLedTo(by: url) == true || !domain.isEmpty && url.hostName == domain else {
        continue
      }
      throw .leadsBack(member)
    }
  }
}
