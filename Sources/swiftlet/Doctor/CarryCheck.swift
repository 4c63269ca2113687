import Carry
import ClickHouse
import Service

/// Checks the clicks of earlier releases: how many are carried into the tables by link.
struct CarryCheck {
  private static let subject = "old clicks"
  private static let timeout = 3000
  /// A carry notes its progress every ten seconds while it works.
  private static let quietBound = 3600
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  /// Empty when ClickHouse can't be asked: another finding says so.
  func findings() -> [Finding] {
    guard let address = ServerAddress(url: settings.clickHouseURL),
      let client = try? Client(address, timeout: Self.timeout),
      let state = try? Seam(client).state(), let hasOldGate = try? Seam(client).hasOldGate(),
      let total = try? OldTables(client).rows()
    else { return [] }
    let findings = [finding(state, total: total), hasOldGate ? oldConsumer(state) : nil]
    return findings.compactMap { $0 }
  }

  private func finding(_ state: SeamState, total: Int) -> Finding? {
    switch state.phase {
    // The finding about migrations says so.
    case .notMigrated: return nil
    case .nothing: return .ok(Self.subject, "none, or all are carried")
    case .waiting:
      return .ok(Self.subject, "\(total), which are carried once the first new click is stored")
    case .carrying:
      let detail = "\(state.carriedRows) of \(total) are carried"
      guard let batch = state.difference else { return carrying(detail, state.quietSeconds) }
      return .failed(
        Self.subject, detail + "; " + (batch == 0 ? "the tables differ" : "batch \(batch) differs"),
        do: "see the log of carry; the old tables stay, and /stats is right meanwhile")
    case .complete:
      return .warning(
        Self.subject, "all are carried, and the old tables are there still",
        do: "run swiftlet clicks carry without --keep, which drops them")
    }
  }

  private func carrying(_ detail: String, _ quietSeconds: Int) -> Finding {
    guard quietSeconds > Self.quietBound else { return .ok(Self.subject, detail) }
    return .warning(
      Self.subject, detail + ", and none for \(quietSeconds / 60) minutes",
      do: "see the log of carry; if it doesn't run: " + Advice.restart("carry"))
  }

  /// The old gate is dropped with the first click that a consumer of this release stores.
  ///
  /// A later one belongs to an old consumer that came back.
  private func oldConsumer(_ state: SeamState) -> Finding? {
    let subject = "consumer of an earlier release"
    let advice = "stop it on the host where it runs, and update that host; clicks wait in RabbitMQ"
    switch state.phase {
    // Nothing has changed for it yet.
    case .notMigrated: return nil
    case .waiting:
      return .warning(subject, "its gate is there until the first new click is stored", do: advice)
    case .nothing, .carrying, .complete:
      return .failed(subject, "it has taken the gate, and can store nothing", do: advice)
    }
  }
}
