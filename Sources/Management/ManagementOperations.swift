package import API
package import Destinations
package import Links

/// The operations on links: the list that HTTP, the command line and the API's description use.
package enum ManagementOperations {
  /// - Parameters:
  ///   - ownHosts: Hosts that no link may lead to.
  ///   - slugs: The form of new links' slugs.
  /// - Returns: All operations, including those that are answered together.
  package static func all(
    _ ownHosts: OwnHosts, _ slugs: SlugForm = .oneSegment
  ) -> [any Operation<ManagementStores>] {
    [
      ShortenURL(ownHosts),
      ListShortURLs(),
      CreateShortURL(ownHosts, slugs),
      // Before the paths of links.
      CheckSlug(slugs),
      ShortenInOneStep(ownHosts),
      GetShortURL(),
      EditShortURL(ownHosts),
      DeleteShortURL(),
      ListRedirectRules(),
      SetRedirectRules(ownHosts),
      TestRedirectRules(),
      RestoreShortURL(),
      GetQRCode(),
      GetPreview(),
      GetRobotsText(),
      CreateKey(),
      ListKeys(),
      GetKey(),
      EditKey(),
      RotateKey(),
      DeleteKey(),
      SignIn(),
      GetSession(),
      SignOut(),
      ListSessions(),
      EndSession(),
      CreateTenant(),
      ListTenants(),
      DeleteTenant(),
      ListTags(),
      ListTagStats(),
      RenameTag(),
      DeleteTags(),
      ListDomains(),
      SetDomainRedirects(ownHosts),
      DeleteDomain(),
    ]
  }
}
