import Journals
import Lookup
import Metrics
import Serving
import Sessions

extension Health {
  /// The health of this host: it can serve while one engine and one kind of worker are there that
  /// redirects can do with.
  init(_ links: LinkStore, _ cache: LinkCache, _ instruments: Instruments) {
    self.init(
      dependencies: [
        Dependency(name: "postgres", ping: links.ping),
        Dependency(name: "redis", ping: cache.ping),
        Dependency(name: "journal", ping: instruments.checkJournals),
        Dependency(name: "relay", ping: instruments.checkRelay),
        Dependency(name: "consumer", ping: instruments.checkConsumer),
        Self.workers("redirects", .redirects, instruments),
        Self.workers("lookups", .lookups, instruments),
        Self.workers("retries", .retries, instruments),
      ],
      canServe: { up in
        !up.isDisjoint(with: ["postgres", "redis"])
          && !up.isDisjoint(with: ["redirects", "retries"])
      },
      remarks: { instruments.remarks })
  }

  private static func workers(
    _ name: String, _ role: Role, _ instruments: Instruments
  ) -> Dependency {
    Dependency(name: name) { () throws(StoreError) in try instruments.checkWorkers(role) }
  }
}
