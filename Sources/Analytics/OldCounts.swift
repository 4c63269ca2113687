/// The tables that have the counts from before the seam.
///
/// They are of clicks stored while counts went by short code.
///
/// `swiftlet clicks carry` copies them once, for good. Neither place changes after the seam, and a
/// query reads only one of them. So no click is counted twice or left out while they move.
package enum OldCounts: Sendable {
  /// `clicks_by_link`, `clicks_by_day` and `clicks_by_referrer`, by short code.
  case byCode
  /// `link_totals_before`, `link_days_before` and `link_referrers_before`, by scope.
  case byScope

  /// The tables of `byScope`: with the last of them the counts have moved.
  static let tables = ["link_totals_before", "link_days_before", "link_referrers_before"]
}
