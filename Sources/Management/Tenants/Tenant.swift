package import API
import JSON

/// A tenant: whose links, tags, domains and keys are invisible to all others.
package struct Tenant: JSONObjectAnswer, Equatable {
  package let id: Int
  package let name: String
  /// Milliseconds since 1970.
  package let createdAt: Int64

  package static let schemaName = "Tenant"
  package static let summary = "The tenant."
  package static let sample = Tenant(id: 3, name: "acme", createdAt: 1_790_000_000_000)

  package func write(to writer: inout FieldWriter) {
    writer.field(
      "id", id, .count(sample: 3), "Its number for ever; 0 is the default tenant.")
    writer.field("name", name, .label(sample: ""), "Its name.")
    writer.field("createdAt", createdAt, .time, "When it was made.")
  }
}
