import Links
import Lookup

/// The domains of the installation, read once, and only where an argument has a host.
final class KnownDomains {
  private let installation: Installation
  private var list: DomainList?

  init(_ installation: Installation) {
    self.installation = installation
  }

  /// Whether a host in lower case is a domain with links of its own.
  ///
  /// - Throws: `StoreError` when PostgreSQL can't tell.
  func contains(_ host: String) throws -> Bool {
    let known =
      try list ?? LinkStore(installation.postgres(), installation.settings).domains()
    list = known
    return known[host] != nil
  }
}
