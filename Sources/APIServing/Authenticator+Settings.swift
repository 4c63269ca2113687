package import Access
package import Service
package import Sessions

extension Authenticator {
  /// The authenticator of a worker, with this host's limits and offers.
  ///
  /// - Parameters:
  ///   - keys: The keys that have been issued.
  ///   - redis: Counts the requests of keys that have a limit.
  ///   - settings: The limits, and what is offered to everyone.
  package convenience init(
    _ keys: any KeySource, _ redis: RedisSession, _ settings: Settings
  ) {
    let limit = settings.wrongKeyLimit
    var offers: Set<Permission.Offer> = []
    if settings.shortening == .open { offers.insert(.shortening) }
    if settings.statistics == .open { offers.insert(.statistics) }
    self.init(
      keys, quotas: KeyQuotas(redis, settings),
      // Each process allows its share.
      wrongKeys: WrongKeys(limit: limit == 0 ? 0 : max(1, limit / max(1, settings.keyedProcesses))),
      offers: offers)
  }
}
