import ClickHouse
import Service

/// Checks whether deletions of visits are carried out; a finding only when they aren't.
struct VisitDeletionCheck {
  private static let subject = "deletions of visits"
  private static let timeout = 3000
  private static let boundSeconds = 600
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  /// Empty when ClickHouse can't be asked: another finding says so.
  func findings() -> [Finding] {
    guard let address = ServerAddress(url: settings.clickHouseURL),
      let client = try? Client(address, timeout: Self.timeout)
    else { return [] }
    return [
      finding(
        client,
        """
        SELECT count() FROM (
          SELECT id FROM visit_deletions GROUP BY id
          HAVING max(step) = 'asked' AND min(at) < now() - \(Self.boundSeconds))
        """, "wait for more than 10 minutes",
        do: "see the log of the active consumer; they also wait for a carry, and for a click"),
      finding(
        client,
        """
        SELECT count() FROM system.mutations
        WHERE database = currentDatabase() AND is_done = 0 AND command LIKE '%deletion-%'
          AND create_time < now() - \(Self.boundSeconds)
        """, "mutations run for more than 10 minutes; no totals of links are copied meanwhile",
        do: "look at them in ClickHouse's system.mutations"),
    ].compactMap { $0 }
  }

  private func finding(
    _ client: Client, _ question: SQL, _ words: String, do advice: String
  ) -> Finding? {
    guard let rows = try? client.select(question),
      let count = rows.first?.first.flatMap({ Int($0) }), count > 0
    else { return nil }
    return .warning(Self.subject, "\(count) \(words)", do: advice)
  }
}
