package import API
package import Access
package import Metrics
package import Service
import Web

/// `GET /stats/health`: the health of the analytics pool.
package struct GetStatsHealth: Operation {
  package typealias Input = NoInput
  package typealias Output = HealthReport
  package typealias Failure = Never
  package typealias Stores = Momentary<HealthReport>

  package static let route = Route.get("/stats/health")
  package static let permission = Permission.open
  package static let name = "statsHealth"
  package static let topic = Topic.health
  package static let summary =
    "Ask the analytics pool for its engines; an answer is good for a second"
  package static let endpoint = Endpoint.statsHealth

  package init() {}

  package func perform(
    _: NoInput, for _: Caller, in health: Momentary<HealthReport>
  ) -> HealthReport {
    health.value()
  }
}
