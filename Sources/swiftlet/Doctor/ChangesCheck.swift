import Files
import Glibc
import Lookup
import Metrics
import Service

/// Whether this host hears changes of links.
struct ChangesCheck {
  private static let subject = "changes of links"
  private let state: StateDirectory
  private let hasFastPath: Bool

  /// - Parameters:
  ///   - settings: Where everything is.
  ///   - hasFastPath: Whether nginx answers redirects itself.
  init(_ settings: Settings, hasFastPath: Bool) {
    state = StateDirectory(settings)
    self.hasFastPath = hasFastPath
  }

  func findings() -> [Finding] { [beat(), passage()].compactMap { $0 } }

  private func beat() -> Finding {
    let cost = "; what is remembered of a link is good for half a second only"
    guard let age = Heartbeat(state).age else {
      return .warning(
        Self.subject, "none was heard since this host was started" + cost,
        do: "start the invalidator here (supervisorctl start invalidator); see its log, and Redis")
    }
    guard !MetricsSnapshot.isDeaf(beatAge: age) else {
      return .warning(
        Self.subject, "none was heard for \(age / 1000) s" + cost,
        do: "see the invalidator's log, and Redis; one that logs nothing hangs: restart it")
    }
    return .ok(Self.subject, "all heard until \(age) ms ago")
  }

  /// A finding if nginx's user can't reach the page that tells of changes.
  private func passage() -> Finding? {
    guard hasFastPath, let status = try? Directory(state.path).status(),
      status.st_mode & 0o001 == 0
    else { return nil }
    return .warning(
      "fast path", "nginx's user can't reach \(state.generations)",
      do: "chmod o+x \(state.path): others may pass then, and read no other file there")
  }
}
