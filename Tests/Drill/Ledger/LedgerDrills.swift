/// `swiftlet clicks reconcile`.
extension Drills {
  static let ledger: [Drill] = [
    Drill(
      name: "reconcile-names-what-is-lost",
      claim: "`clicks reconcile` names exactly the clicks of a destroyed journal.", retried: 0
    ) { scene in
      try Reconciliation.destroyOne(&scene)
    },
    Drill(
      name: "reconcile-replay-counts-once",
      claim: "Clicks that `clicks reconcile` replays beside their journal count once.",
      mustSee: [.twice]
    ) { scene in
      try Reconciliation.replayOne(&scene)
    },
  ]
}
