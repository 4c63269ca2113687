package import API
package import Access
import Journals
package import Metrics
package import Web

/// `GET /metrics`: the numbers of all programs on this host, for Prometheus and its like.
package struct GetMetrics: Operation {
  package typealias Input = NoInput
  package typealias Output = MetricsPage
  package typealias Failure = Never
  package typealias Stores = HostMonitor

  package static let route = Route.get("/metrics")
  package static let permission = Permission.open
  package static let name = "metrics"
  package static let topic = Topic.health
  package static let summary = "Read the numbers of all programs on this host"
  package static let details = """
    For Prometheus and its like. nginx allows it from its own machine only, unless its configuration \
    names others.
    """
  package static let problems: [ProblemType] = [
    .forbidden.when("The client's address may not read them.")
  ]
  package static let endpoint = Endpoint.metrics

  package init() {}

  package func perform(_: NoInput, for _: Caller, in host: HostMonitor) -> MetricsPage {
    MetricsPage(host.metrics.read())
  }
}
