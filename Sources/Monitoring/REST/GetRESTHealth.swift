package import API
package import Access
package import Metrics
import Service
import Web

/// `GET /rest/v3/health`: the health of this host, for clients of Shlink.
///
/// They ask without a key, and also with one: it isn't looked at.
package struct GetRESTHealth: Operation {
  package typealias Input = NoInput
  package typealias Output = RESTHealth
  package typealias Failure = Never
  package typealias Stores = HostMonitor

  package static let route = Route.get("/rest/v3/health")
  package static let permission = Permission.open
  package static let name = "restHealth"
  package static let topic = Topic.health
  package static let summary = "Ask whether the API can serve, as clients of Shlink do"
  package static let details = "`version` is that of the release of Shlink whose API this is."
  package static let endpoint = Endpoint.health

  package init() {}

  package func perform(_: NoInput, for _: Caller, in host: HostMonitor) -> RESTHealth {
    RESTHealth(canServe: host.health.value().state != .unavailable)
  }
}
