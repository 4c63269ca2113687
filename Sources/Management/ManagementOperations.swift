package import API
package import Destinations

/// What people do to links: the list that HTTP, the command line and the API's description read.
package enum ManagementOperations {
  /// - Parameter ownHosts: Hosts that no link may lead to.
  /// - Returns: All of them, those that are answered together too.
  package static func all(_ ownHosts: OwnHosts) -> [any Operation<ManagementStores>] {
    [
      ShortenURL(ownHosts),
      ListShortURLs(),
      EditShortURL(ownHosts),
      DeleteShortURL(),
    ]
  }
}
