package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/tags`: the names of all tags, or a page of them.
package struct ListTags: Operation {
  package typealias Input = TagListing
  package typealias Output = TagList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/tags")
  package static let permission = Permission.read(.tags)
  package static let topic = Topic.tags
  package static let summary = "List tags"
  package static let details = "Tags without links are in the list, too."
  package static let endpoint = Endpoint.tags

  package init() {}

  package func input(from reader: inout InputReader) -> TagListing {
    TagListing(from: &reader, orderedBy: [.tag])
  }

  package func perform(
    _ listing: TagListing, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> TagList {
    try stores.units.readList("list tags", for: caller) { unit throws(TableError) in
      try unit.tags.list(listing)
    }
  }
}
