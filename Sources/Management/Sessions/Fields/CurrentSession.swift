package import API
import Access

/// Who the caller is, and what the installation is like.
package struct CurrentSession: JSONObjectAnswer {
  private let holder: KeyHolder
  /// Nil where the key itself was sent.
  private let session: KeySession?
  private let instance: Instance

  package static let schemaName = "Session"
  package static let summary = "Whose session it is, and what this installation is like."
  package static let sample = CurrentSession(
    .sample, KeySession(id: 12, endsAt: 1_790_043_200_000), Instance())

  init(_ holder: KeyHolder, _ session: KeySession?, _ instance: Instance) {
    self.holder = holder
    self.session = session
    self.instance = instance
  }

  package func write(to writer: inout FieldWriter) {
    let caller = holder.caller
    writer.object("key", "The key.") { holder.key.write(to: &$0) }
    writer.field("tenant", holder.tenantName, .text(sample: ""), "Whose key it is.")
    writer.object("may", "What the key may do.") { writer in
      writer.field("read", caller.may(.read(.shortURLs)), .boolean, "Look at links and visits.")
      writer.field("create", caller.may(.create(.shortURLs)), .boolean, "Make links.")
      writer.field("edit", caller.may(.edit(.shortURLs)), .boolean, "Change and delete links.")
      writer.field("administer", caller.may(.edit(.keys)), .boolean, "Manage keys and domains.")
      writer.field("manageTenants", caller.may(.edit(.tenants)), .boolean, "Manage tenants.")
      writer.field(
        "anyScheme", caller.hasAnyScheme, .boolean, "Let links lead to `mailto:` and the like.")
      writer.field(
        "orphanVisits", caller.seesOrphanVisits, .boolean, "See visits that met no link.")
    }
    writer.nullable(
      "session", session.map { Int($0.id) }, .count(from: 1, sample: 12),
      "The id of the session; null where a key asks.")
    writer.nullable(
      "expires", [session?.endsAt, holder.key.rights.expiresAt].compactMap(\.self).min(), .time,
      "When the session or its key ends, unless the session is used; null for never.")
    writer.object("instance", "What this installation is like.") { instance.write(to: &$0) }
  }
}
