package import API
package import Access
import Journals
package import Metrics
import Service
import Web

/// `GET /rest/v3/status`: health and numbers of this host, for people who look after it.
package struct GetStatus: Operation {
  package typealias Input = NoInput
  package typealias Output = HostStatus
  package typealias Failure = Never
  package typealias Stores = HostMonitor

  package static let route = Route.get("/rest/v3/status")
  package static let permission = Permission.read(.host)
  package static let topic = Topic.health
  package static let summary = "Read the state of this host"
  package static let details = """
    What `/health` and `/metrics` say, as far as people look at it. Its health is at most a second old, and the \
    numbers of the queue are some seconds old. No secret, address or setting is in it.
    """
  package static let endpoint = Endpoint.health

  package init() {}

  package func perform(_: NoInput, for _: Caller, in host: HostMonitor) -> HostStatus {
    HostStatus(health: host.health.value(), snapshot: host.metrics.read())
  }
}
