package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/sessions`: the sessions of the caller's key.
package struct ListSessions: Operation {
  package typealias Input = NoInput
  package typealias Output = SessionList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/sessions")
  package static let permission = Permission.own
  package static let topic = Topic.sessions
  package static let summary = "List the sessions of the caller's key"
  package static let details =
    "A key has \(SessionLimits.count) at most; beyond them the oldest ends."
  package static let endpoint = Endpoint.keys

  package init() {}

  package func perform(
    _: NoInput, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> SessionList {
    let sessions = try stores.units.read("list sessions", for: caller) { unit throws(TableError) in
      try unit.sessions.list()
    }
    return SessionList(sessions: sessions, current: caller.key?.session?.id)
  }
}
