import HTTPTypes
import Links
import Stores
import Web

/// `POST /shorten`: makes a link and answers 201 once PostgreSQL has it.
struct Shorten {
  let ids: IDSource
  let links: LinkStore
  let cache: LinkCache
  let baseURL: String
  let ownHosts: OwnHosts

  func answer(_ request: Request, _: Request.Bytes) throws(Failure) -> Response {
    let link = try store(ShortenRequest(request, ownHosts: ownHosts).destination)
    cache.remember(link)
    return Response(json: .created, location: link.shortURL(base: baseURL)) { json in
      link.write(to: &json, base: baseURL)
    }
  }

  private func store(_ destination: DestinationURL) throws(Failure) -> Link {
    do throws(StoreError) {
      return try links.create(destination, ids: ids)
    } catch {
      throw Failure(error, "Links can't be stored for now.")
    }
  }
}

extension Failure {
  /// A store's failure, with a sentence for the client; the store's own words are in the log.
  init(_ error: StoreError, _ detail: String) {
    self = .unavailable(detail, retryAfterSeconds: error.retryAfter ?? 1)
  }
}
