package import API

/// A page of keys.
package struct APIKeyList: JSONObjectAnswer, Equatable {
  package let keys: [APIKey]
  package let pagination: Pagination

  package static let schemaName = "ApiKeys"
  package static let summary = "A page of the keys, the oldest first."
  package static let sample = APIKeyList(
    keys: [.sample], pagination: Pagination(Page(), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("apiKeys") { writer in
      writer.list("data", keys, "The keys of this page.")
      writer.object("pagination", "Which page this is, and how many there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }
}
