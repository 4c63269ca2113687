package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/session`: who the caller is.
package struct GetSession: Operation {
  package typealias Input = NoInput
  package typealias Output = CurrentSession
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/session")
  package static let permission = Permission.own
  package static let topic = Topic.sessions
  package static let summary = "Say who the caller is"
  package static let details = "With what this installation offers, and how far."
  package static let endpoint = Endpoint.keys

  package init() {}

  package func perform(
    _: NoInput, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> CurrentSession {
    let holder = try stores.units.read("find an API key", for: caller) { unit throws(TableError) in
      try unit.sessions.holder()
    }
    guard let holder else { throw .session(.keyGone) }
    return CurrentSession(holder, caller.key?.session, stores.instance())
  }
}
