package import API
package import Destinations

/// The operations on links: the list that HTTP, the command line and the API's description use.
package enum ManagementOperations {
  /// - Parameter ownHosts: Hosts that no link may lead to.
  /// - Returns: All operations, including those that are answered together.
  package static func all(_ ownHosts: OwnHosts) -> [any Operation<ManagementStores>] {
    [
      ShortenURL(ownHosts),
      ListShortURLs(),
      CreateShortURL(ownHosts),
      // Before the paths of links.
      CheckSlug(),
      ShortenInOneStep(ownHosts),
      GetShortURL(),
      EditShortURL(ownHosts),
      DeleteShortURL(),
      ListRedirectRules(),
      SetRedirectRules(ownHosts),
      TestRedirectRules(),
      RestoreShortURL(),
      GetQRCode(),
      GetRobotsText(),
      CreateKey(),
      ListKeys(),
      GetKey(),
      EditKey(),
      RotateKey(),
      DeleteKey(),
      CreateTenant(),
      ListTenants(),
      DeleteTenant(),
      ListTags(),
      ListTagStats(),
      RenameTag(),
      DeleteTags(),
      ListDomains(),
      SetDomainRedirects(ownHosts),
    ]
  }
}
