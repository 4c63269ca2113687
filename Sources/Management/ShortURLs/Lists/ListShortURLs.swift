package import API
package import Access
package import Metrics
import Web

/// `GET /rest/v3/short-urls`: a page of the links, by text, date and order.
package struct ListShortURLs: Operation {
  package typealias Input = ShortURLFilter
  package typealias Output = ShortURLList
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.get("/rest/v3/short-urls")
  package static let permission = Permission.read(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "List short URLs"
  package static let details = """
    A page is found by its number as far as row 10 000, and by a cursor without limit. Behind a cursor each \
    link comes once, also while others come and go. Deleted links are in no list.
    """
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> ShortURLFilter {
    ShortURLFilter(from: &reader)
  }

  package func perform(
    _ filter: ShortURLFilter, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ShortURLList {
    try stores.units.readList("list short URLs", for: caller) { unit throws(TableError) in
      try unit.shortURLs.list(filter, for: caller)
    }
  }
}
