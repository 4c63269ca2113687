import Metrics
import Service

/// Checks whether each program has as many processes on this host as is set, and all of them move.
struct ProcessCheck {
  private static let subject = "processes"
  /// No request takes as long; a worker ticks at least once a second between two.
  private static let quietBound: Int64 = 15_000
  private let totals: Totals
  private let settings: Settings
  private let variables: Variables

  init(_ settings: Settings, _ variables: Variables) {
    self.settings = settings
    self.variables = variables
    totals = MetricsDirectory(settings).totals()
  }

  /// Empty when the directory of the shared state can't be read: another finding says so.
  func findings() throws(SettingError) -> [Finding] {
    guard StateDirectory(settings).problem == nil else { return [] }
    var counts: [String] = []
    var findings: [Finding] = []
    for role in Role.serving {
      let program = HostProgram.all.first { $0.section == role.section }
      let wanted = try program?.count(variables) ?? 1
      let count = totals.processes(role)
      counts.append("\(count) \(role.rawValue)")
      if let finding = finding(role, count, of: wanted) { findings.append(finding) }
    }
    return findings.isEmpty
      ? [.ok(Self.subject, counts.joined(separator: ", "))] : findings
  }

  private func finding(_ role: Role, _ count: Int, of wanted: Int) -> Finding? {
    if count == 0, wanted > 0 {
      return .warning(
        Self.subject, "no \(role.rawValue) on this host",
        do: "start \(role.section) here, unless another host has it: "
          + Advice.restart(role.section))
    }
    if count < wanted {
      return .warning(
        Self.subject, "\(count) of \(wanted) \(role.rawValue)",
        do: "\(Advice.restart(role.section)); see its log for why the others end")
    }
    let quiet = totals.oldestTick(role).map { SystemClock.bootMilliseconds() - $0 } ?? 0
    guard quiet > Self.quietBound else { return nil }
    return .warning(
      Self.subject, "one \(role.rawValue) has not moved for \(quiet / 1000) s",
      do: "\(Advice.restart(role.section)): it hangs")
  }
}

extension Role {
  /// Its section.
  fileprivate var section: String {
    switch self {
    case .lookups: "shortener-lookup"
    case .retries: "shortener-spare"
    case .api: "shortener-api"
    case .redirects, .analytics, .relay, .consumer, .invalidator, .dispatcher, .carry: rawValue
    }
  }
}
