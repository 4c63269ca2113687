package import API
package import Access
package import Metrics
import Web

/// `GET /rest/health`: the same as `GET /rest/v3/health`.
package struct GetUnversionedHealth: Operation {
  package typealias Input = NoInput
  package typealias Output = RESTHealth
  package typealias Failure = Never
  package typealias Stores = HostMonitor

  package static let route = Route.get("/rest/health")
  package static let permission = GetRESTHealth.permission
  package static let topic = GetRESTHealth.topic
  package static let summary = GetRESTHealth.summary
  package static let details = GetRESTHealth.details
  package static let endpoint = GetRESTHealth.endpoint

  package init() {}

  package func perform(_ input: NoInput, for caller: Caller, in host: HostMonitor) -> RESTHealth {
    GetRESTHealth().perform(input, for: caller, in: host)
  }
}
