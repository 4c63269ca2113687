package import API

/// A page of visits, in Shlink's form.
package struct VisitList: JSONObjectAnswer, Equatable {
  package let visits: [Visit]
  package let pagination: Pagination

  package static let schemaName = "Visits"
  package static let summary = "A page of the visits, newest first."
  package static let sample = VisitList(
    visits: [.sample],
    pagination: Pagination(VisitFilter().page, count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("visits") { writer in
      writer.list("data", visits, "The visits of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
