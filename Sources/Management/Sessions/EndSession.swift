package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/sessions/{id}`: ends one of the key's sessions.
package struct EndSession: Operation {
  package typealias Input = Int64
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.delete("/rest/v3/sessions/{id}")
  package static let permission = Permission.own
  package static let topic = Topic.sessions
  package static let summary = "End a session of the caller's key"
  package static let details = "It stops working within a second."
  package static let problems = [ProblemType.sessionNotFound]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Int64 {
    Int64(reader.segment("id", .sessionID, "The session's id."))
  }

  package func perform(
    _ id: Int64, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    let isEnded = try stores.units.perform("end a session", for: caller) {
      unit throws(TableError) in try unit.sessions.end(id)
    }
    guard isEnded else { throw .session(.notFound) }
    return NoContent()
  }
}
