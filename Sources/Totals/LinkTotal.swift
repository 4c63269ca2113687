/// How often a link was visited, as ClickHouse counts it.
struct LinkTotal: Equatable, Sendable {
  let link: Int64
  let total: Int64
  let bots: Int64
}

/// The totals of all links of a range that have any, in the order of their ids.
struct TotalsPage: Equatable, Sendable {
  let totals: [LinkTotal]
  /// The greatest id up to which it is complete.
  let end: UInt64
}
