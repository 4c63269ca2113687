package import API
package import Access
package import Destinations
package import Links
package import Metrics
import Service
import Sessions
package import Web

/// `POST /shorten`: makes links and answers 201 once PostgreSQL has them.
///
/// Requests that wait for the same worker are stored by one commit, which costs much more than a row.
package struct ShortenURL: SharedOperation {
  package typealias Input = DestinationURL
  package typealias Output = ShortenedURL
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package static let route = Route.post("/shorten")
  package static let permission = Permission.offered(.shortening)
  package static let name = "shorten"
  package static let topic = Topic.links
  package static let summary = "Make a short URL"
  package static let body = BodyForm.exact
  package static let problems: [ProblemType] = [
    .invalidURL,
    .serviceUnavailable.when(
      "PostgreSQL can't store the link for now.", detail: "Links can't be stored for now."),
  ]
  package static let endpoint = Endpoint.shorten

  private let ownHosts: OwnHosts

  package init(_ ownHosts: OwnHosts) {
    self.ownHosts = ownHosts
  }

  package func input(from reader: inout InputReader) -> DestinationURL {
    reader.required("original_url", .destination(ownHosts), FieldType.destinationSummary)
  }

  package func perform(
    _ inputs: [(DestinationURL, Caller)], in stores: ManagementStores
  ) -> [Result<ShortenedURL, ManagementFailure>] {
    let domains = stores.ownDomains?.list
    let leadBack = inputs.map { domains?.isLedTo(by: $0.0) ?? false }
    let wanted = zip(inputs, leadBack).filter { !$0.1 }.map(\.0)
    var made = stores.creation.create(wanted).makeIterator()
    return leadBack.map { leadsBack in
      guard !leadsBack, let created = made.next() else { return .failure(.leadsBack) }
      return created.map { ShortenedURL($0, base: stores.baseURL.description) }
        .mapError(ManagementFailure.unavailable)
    }
  }
}
