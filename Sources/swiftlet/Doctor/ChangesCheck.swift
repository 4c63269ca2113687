import Lookup
import Metrics
import Service

/// Checks whether this host receives changes of links.
struct ChangesCheck {
  private static let subject = "changes of links"
  private let state: StateDirectory

  init(_ settings: Settings) {
    state = StateDirectory(settings)
  }

  func findings() -> [Finding] {
    let cost = "; what is remembered of a link is good for half a second only"
    guard let age = Heartbeat(state).age else {
      return [
        .warning(
          Self.subject, "none was heard since this host was started" + cost,
          do: "start the invalidator here: \(Advice.restart("invalidator")); see its log, and Redis"
        )
      ]
    }
    guard !MetricsSnapshot.isDeaf(beatAge: age) else {
      return [
        .warning(
          Self.subject, "none was heard for \(age / 1000) s" + cost,
          do: "see the invalidator's log, and Redis; one that logs nothing hangs: "
            + Advice.restart("invalidator"))
      ]
    }
    return [.ok(Self.subject, "all heard until \(age) ms ago")]
  }
}
