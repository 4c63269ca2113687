import Postgres

/// How a link is at a moment; it may be several of these at once, and is `active` when no visitor is refused.
package enum LinkState: String, CaseIterable, Sendable {
  case active
  /// It isn't valid yet.
  case scheduled
  /// Its validity ends within seven days.
  case ending
  /// Its validity has ended.
  case expired
  /// Its visits are spent.
  case exhausted
  case disabled
  /// It has redirect rules.
  case rules

  /// Holds for the links that are so.
  var condition: SQL {
    switch self {
    case .active:
      """
      (disabled_at IS NULL AND (valid_since IS NULL OR valid_since <= clock_timestamp())
        AND (valid_until IS NULL OR valid_until > clock_timestamp())
        AND (max_visits IS NULL OR NOT \(Self.isSpent)))
      """
    case .scheduled: "(valid_since IS NOT NULL AND valid_since > clock_timestamp())"
    case .ending:
      """
      (valid_until IS NOT NULL AND valid_until > clock_timestamp()
        AND valid_until <= clock_timestamp() + interval '7 days')
      """
    case .expired: "(valid_until IS NOT NULL AND valid_until <= clock_timestamp())"
    case .exhausted: "(max_visits IS NOT NULL AND \(Self.isSpent))"
    case .disabled: "disabled_at IS NOT NULL"
    case .rules: "rules IS NOT NULL"
    }
  }

  /// Whether all links that are so are in the index `short_urls_with_state`.
  ///
  /// Each condition of such a state says that a column is there, so PostgreSQL sees it as well.
  var isIndexed: Bool { self != .active }

  private static let isSpent: SQL = """
    EXISTS (SELECT FROM visit_budgets WHERE link = snowflake_id AND spent >= allowed OFFSET 0)
    """
}
