package import API
package import Access
package import Metrics
import Service
import Web

/// `GET /health`: the health of this host.
package struct GetHealth: Operation {
  package typealias Input = NoInput
  package typealias Output = HealthReport
  package typealias Failure = Never
  package typealias Stores = HostMonitor

  package static let route = Route.get("/health")
  package static let permission = Permission.open
  package static let name = "health"
  package static let topic = Topic.health
  package static let summary =
    "Ask the shortener for its engines and workers; an answer is good for a second"
  package static let endpoint = Endpoint.health

  package init() {}

  package func perform(_: NoInput, for _: Caller, in host: HostMonitor) -> HealthReport {
    host.health.value()
  }
}
