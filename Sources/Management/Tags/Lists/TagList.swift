package import API

/// A page of tags.
package struct TagList: JSONObjectAnswer, Equatable {
  package let names: [String]
  package let pagination: Pagination

  package static let schemaName = "Tags"
  package static let summary = "A page of the tags."
  package static let sample = TagList(
    names: [TagName.sample.description],
    pagination: Pagination(Page(), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("tags") { writer in
      writer.list(
        "data", names, of: .string(atMost: TagName.limit, sample: TagName.sample.description),
        "The names of the tags of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
