package import API
package import Access
package import Metrics
import Web

/// `DELETE /rest/v3/session`: ends the caller's session, or all of the key's.
package struct SignOut: Operation {
  package typealias Input = Bool
  package typealias Output = EndedSession
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/session")
  package static let permission = Permission.own
  package static let topic = Topic.sessions
  package static let summary = "Sign out"
  package static let details = "The session stops working within a second."
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Bool {
    reader.parameter("all", .boolean, "Whether all sessions of the key end.") ?? false
  }

  package func perform(
    _ all: Bool, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> EndedSession {
    try stores.units.perform("sign out", for: caller) { unit throws(TableError) in
      if all {
        try unit.sessions.endAll()
      } else if let session = caller.key?.session {
        _ = try unit.sessions.end(session.id)
      }
    }
    return EndedSession(cookie: SessionCookie(stores.baseURL).removal)
  }
}
