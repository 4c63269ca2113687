import Clicks
import HTTPTypes
import Links
import Metrics
import Service
import Stores
import Web

/// `GET /{short_code}`: where the link leads, from the cache first; the click goes to the journal
/// before the answer does, and nothing else is waited for.
struct Redirect {
  let cache: LinkCache
  let links: LinkStore
  let journal: ClickJournal
  private let fields: [Response.Field]
  /// Whether nginx turns here only for its second try of a request.
  let isSecondTry: Bool
  let meter: Meter

  init(
    cache: LinkCache, links: LinkStore, journal: ClickJournal, maxAgeSeconds: Int,
    isSecondTry: Bool, meter: Meter
  ) {
    self.cache = cache
    self.links = links
    self.journal = journal
    // Private and short: browsers come back, and are counted.
    fields = [Response.Field("Cache-Control", "private, max-age=\(maxAgeSeconds)")]
    self.isSecondTry = isSecondTry
    self.meter = meter
  }

  func answer(_ request: Request, _ segment: Request.Bytes) throws(Failure) -> Response {
    guard let code = ShortCode(segment) else { throw .unknownCode }
    let destination = try resolve(code)
    if request.method == .get {
      journal.record(
        BorrowedClick(
          eventID: EventID(hex: request.id) ?? .random(), shortCode: segment,
          milliseconds: SystemClock.milliseconds(), address: request.remoteAddress,
          userAgent: request.userAgent,
          referrer: request.referrer, isRetried: isSecondTry))
    }
    return Response(
      status: .movedPermanently, location: destination.description, fields: fields)
  }

  private func resolve(_ code: ShortCode) throws(Failure) -> DestinationURL {
    switch cache.lookup(code) {
    case .hit(let destination): return destination
    case .missing: throw .unknownCode
    case .unknown: break
    }
    let link: Link?
    do throws(StoreError) {
      link = try links.find(code)
    } catch {
      meter.add(.lookups(.postgres, .error))
      if let destination = cache.lastDestination(of: code) { return destination }
      throw Failure(error, "Where the link leads can't be told for now.")
    }
    meter.add(.lookups(.postgres, link == nil ? .miss : .hit))
    guard let link else {
      cache.rememberMissing(code)
      throw .unknownCode
    }
    cache.remember(link)
    return link.destination
  }
}
