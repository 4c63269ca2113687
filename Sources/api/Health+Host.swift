import Journals
import Lookup
import Management
import Metrics
import Monitoring
import Sessions

extension Health {
  /// The health of this host: it can serve while one engine and one kind of worker are there that
  /// redirects can do with.
  init(_ schema: ShortURLSchema, _ cache: LinkCache, _ reader: MetricsReader) {
    self.init(
      dependencies: [
        Dependency(name: "postgres", ping: schema.check),
        Dependency(name: "redis", ping: cache.ping),
        Dependency(name: "journal", ping: reader.checkJournals),
        Dependency(name: "relay", ping: reader.checkRelay),
        Dependency(name: "consumer", ping: reader.checkConsumer),
        Dependency(name: "invalidator", ping: reader.checkInvalidator),
        Dependency(name: "dispatcher", ping: reader.checkDispatcher),
        Self.workers("redirects", .redirects, reader),
        Self.workers("lookups", .lookups, reader),
        Self.workers("retries", .retries, reader),
      ],
      canServe: { up in
        !up.isDisjoint(with: ["postgres", "redis"])
          && !up.isDisjoint(with: ["redirects", "retries"])
      },
      remarks: { reader.remarks })
  }

  private static func workers(
    _ name: String, _ role: Role, _ reader: MetricsReader
  ) -> Dependency {
    Dependency(name: name) { () throws(StoreError) in try reader.checkWorkers(role) }
  }
}
