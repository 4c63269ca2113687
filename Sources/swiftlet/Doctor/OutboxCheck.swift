import Delivery
import Journals
import Metrics
import Service
import Sessions

/// Checks whether changes of links are announced, and if not, why.
struct OutboxCheck {
  private static let subject = "changes to announce"
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  /// Empty when PostgreSQL can't be asked or has no outbox yet: another finding says so.
  func findings() -> [Finding] {
    let session = Doctor.postgres(settings)
    do throws(StoreError) {
      let look = try OutboxLook(session, timeoutMilliseconds: Doctor.postgresTimeout)
      let state = DispatchState(
        MetricsDirectory(settings).totals(), at: SystemClock.milliseconds())
      return [finding(look, state)]
    } catch {
      guard error.kind == .timeout else { return [] }
      return [
        .warning(
          Self.subject, "PostgreSQL doesn't tell in time what waits: \(error.detail)",
          do: "look for what locks the table outbox, or for a transaction that holds up its vacuum")
      ]
    }
  }

  private func finding(_ look: OutboxLook, _ state: DispatchState) -> Finding {
    let detail =
      look.due == 0
      ? "none waits" : "\(look.due) due for up to \(look.dueMilliseconds / 1000) s"
    let isLate = look.dueMilliseconds > DispatchState.boundMilliseconds
    guard look.hasActiveDispatcher else {
      let words = detail + "; no dispatcher is active on any host"
      let advice =
        "start dispatcher (\(Advice.restart("dispatcher"))), or see its log: a change made while Redis fails reaches no cache"
      return isLate
        ? .failed(Self.subject, words, do: advice) : .warning(Self.subject, words, do: advice)
    }
    guard isLate else { return .ok(Self.subject, detail) }
    return .failed(
      Self.subject, detail + (state.lacksRedis ? "; Redis fails the dispatcher" : ""),
      do: state.lacksRedis
        ? "see to Redis: until then caches may answer with what was before the change"
        : "see the log of the active dispatcher, and whether its host has Redis")
  }
}
