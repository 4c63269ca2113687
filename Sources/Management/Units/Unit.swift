import Links

/// What one caller can see and change in one transaction; lent by `Units`.
package struct Unit {
  /// The links that the caller can see.
  package var shortURLs: ShortURLTable
  /// The tags of the caller's tenant.
  package var tags: TagTable
  /// The domains of the caller's tenant.
  package var domains: DomainTable
  /// The API keys that the caller can see.
  package var keys: KeyTable
  /// The sessions of the caller's key.
  package var sessions: SessionTable
  package var tenants: TenantTable

  /// What is to be announced: the names of the links that were changed, and the list of domains.
  var changed: [LinkKey] { shortURLs.changed + (domains.hasChanged ? [.domains] : []) }

  /// Whether anything was changed: a unit without changes may run twice.
  var hasChanged: Bool {
    !changed.isEmpty || tags.hasChanged || keys.hasChanged
      || sessions.hasChanged || tenants.hasChanged
  }
}
