package import API

/// The sessions of a key.
package struct SessionList: JSONObjectAnswer {
  package let sessions: [StoredSession]
  /// The id of the one by which the request came; nil for none.
  package let current: Int64?

  package static let schemaName = "Sessions"
  package static let summary = "The sessions of the key, the newest first."
  package static let sample = SessionList(sessions: [.sample], current: StoredSession.sample.id)

  package func write(to writer: inout FieldWriter) {
    writer.object("sessions") { writer in
      writer.list("data", sessions, atMost: SessionLimits.count, "All of them.") {
        session, writer in
        session.write(to: &writer, isCurrent: session.id == current)
      }
    }
  }
}
