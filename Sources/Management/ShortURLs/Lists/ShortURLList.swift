package import API

/// A page of links, in Shlink's form.
package struct ShortURLList: JSONObjectAnswer, Equatable {
  package let links: [ShortURL]
  package let pagination: Pagination

  package static let schemaName = "ShortUrls"
  package static let summary = "A page of the links."
  package static let sample = ShortURLList(
    links: [.sample], pagination: Pagination(Page(), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("shortUrls") { writer in
      writer.list("data", links, "The links of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
