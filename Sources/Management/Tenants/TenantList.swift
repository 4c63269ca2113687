package import API

/// A page of tenants.
package struct TenantList: JSONObjectAnswer, Equatable {
  package let tenants: [Tenant]
  package let pagination: Pagination

  package static let schemaName = "Tenants"
  package static let summary = "A page of the tenants, the oldest first."
  package static let sample = TenantList(
    tenants: [.sample], pagination: Pagination(Page(), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("tenants") { writer in
      writer.list("data", tenants, "The tenants of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
