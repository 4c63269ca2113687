package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/tags/stats`: tags with their links and visits.
package struct ListTagStats: Operation {
  package typealias Input = TagListing
  package typealias Output = TagStatsList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/tags/stats")
  package static let permission = Permission.read(.tags)
  package static let topic = Topic.tags
  package static let summary = "List tags with links and visits"
  package static let details = """
    Visits are counted for the links that have the tag now. An order by a count is for installations with \
    some 100 000 tagged links; with more, it may take too long.
    """
  package static let endpoint = Endpoint.tags

  package init() {}

  package func input(from reader: inout InputReader) -> TagListing {
    TagListing(from: &reader, orderedBy: TagOrder.Column.allCases)
  }

  package func perform(
    _ listing: TagListing, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> TagStatsList {
    try stores.units.readList("list tags", for: caller) { unit throws(TableError) in
      try unit.tags.stats(listing)
    }
  }
}
