package import API

/// A page of tags with what is counted for them.
package struct TagStatsList: JSONObjectAnswer, Equatable {
  package let tags: [TagStats]
  package let pagination: Pagination

  package static let schemaName = "TagsWithStats"
  package static let summary = "A page of the tags, with links and visits."
  package static let sample = TagStatsList(
    tags: [.sample], pagination: Pagination(Page(), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("tags") { writer in
      writer.list("data", tags, "The tags of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
