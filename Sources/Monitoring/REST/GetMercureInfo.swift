package import API
package import Access
package import Metrics
package import Web

/// `GET /rest/v3/mercure-info`: says that there is no Mercure hub.
///
/// Clients of Shlink ask for one, and then ask for visits from time to time instead.
package struct GetMercureInfo: Operation {
  package typealias Input = NoInput
  package typealias Output = Never
  package typealias Stores = HostMonitor

  package enum Failure: Answerable {
    case notConfigured

    package var problem: Problem {
      let type = ProblemType.Shlink.mercureNotConfigured
      return Problem(type, detail: type.detail)
    }
  }

  package static let route = Route.get("/rest/v3/mercure-info")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.health
  package static let summary = "Ask for the Mercure hub, of which there is none"
  package static let problems = [ProblemType.Shlink.mercureNotConfigured]
  package static let endpoint = Endpoint.health

  package init() {}

  package func perform(_: NoInput, for _: Caller, in _: HostMonitor) throws(Failure) -> Never {
    throw .notConfigured
  }
}
