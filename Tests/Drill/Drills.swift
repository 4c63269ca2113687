/// The drills that have a name; each part's are in its own directory.
enum Drills {
  static let named: [Drill] = Part.allCases.flatMap(\.drills)

  /// Those that `make test` runs: a fault of each step of the way, in some two minutes.
  static let short: Set = [
    "clicks-survive-consumer-kill-points-short", "torn-journals-cost-no-neighbour",
    "clicks-count-once-seam-short", "changes-seen-everywhere", "changes-seen-without-announcement",
  ]

  /// One fault of each step that shows without small journals and batches.
  ///
  /// Run them with the settings of production, AS_SHIPPED=1.
  static let shipped: Set = [
    "redirects-survive-worker-freeze", "clicks-survive-worker-kill-points",
    "redirects-survive-spare-kill", "redirects-survive-postgres-freeze",
    "redirects-survive-redis-freeze", "clicks-survive-rabbitmq-freeze",
    "clicks-survive-clickhouse-kill", "clicks-survive-relay-kill",
    "clicks-survive-consumer-kill-points", "redirects-survive-redis-reset",
    "drops-named-on-disk-full", "torn-journals-cost-no-neighbour",
    "clicks-survive-postgres-and-redis-kill",
  ]

  /// Those of them that `make test` runs.
  static let shippedShort: Set = [
    "redirects-survive-worker-freeze", "redirects-survive-redis-reset",
  ]
}
