import Glibc
import Lookup
import Metrics
import Service

/// Checks whether this host receives changes of links.
struct ChangesCheck {
  private static let subject = "changes of links"
  private let state: StateDirectory
  private let hasFastPath: Bool

  /// - Parameters:
  ///   - settings: The installation's settings.
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

  /// A finding if nginx's user can't reach the page of generations.
  private func passage() -> Finding? {
    let closed = hasFastPath ? closedDirectories : []
    guard !closed.isEmpty else { return nil }
    return .warning(
      "fast path", "nginx's user can't reach \(state.generations)",
      do: "chmod o+x \(closed.joined(separator: " ")): others may pass then, and can read "
        + "no other file of STATE_DIR")
  }

  /// The state's directory and those above it, as far as others may not pass.
  private var closedDirectories: [String] {
    guard let resolved = realpath(state.path, nil) else { return [] }
    defer { free(resolved) }
    var path = ""
    return String(cString: resolved).split(separator: "/").compactMap { name in
      path += "/" + name
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & 0o001 == 0 else { return nil }
      return path
    }
  }
}
