import Clicks
import HTTPTypes
package import Journals
import Links
package import Metrics
package import Service
package import Web

/// `GET /{short_code}/track`: an image of one pixel, which counts a visit of the link.
///
/// Nobody is redirected, so it spends none of a limited link's visits. A name without a link gets the
/// image, too, and nothing is counted.
package struct TrackingPixel {
  /// What follows the name in the path.
  private static let suffix = "/track".utf8.count

  private let lookup: LinkLookup
  private let journal: ClickJournal
  private let role: ShortenerRole
  private let meter: Meter

  /// - Parameters:
  ///   - lookup: Finds the link of a name.
  ///   - journal: Records the clicks.
  ///   - role: The worker's.
  ///   - meter: Counts each request.
  package init(_ lookup: LinkLookup, journal: ClickJournal, role: ShortenerRole, meter: Meter) {
    self.lookup = lookup
    self.journal = journal
    self.role = role
    self.meter = meter
  }

  /// Answers the request, and counts its status.
  package func answer(_ request: Request, _ path: Request.Bytes) -> Response {
    let name = Request.Bytes(rebasing: path.dropFirst().dropLast(Self.suffix))
    let response: Response
    do throws(RedirectFailure) {
      try count(request, name)
      response = Self.image(.ok)
    } catch {
      guard error.outcome(isFinal: request.isFinal(in: role)) != nil else {
        meter.add(.handOns)
        return error.problem.response
      }
      switch error {
      // nginx sends the image in place of this 404, after the limit for unknown codes.
      case .unknownCode, .gone, .early, .spent: response = Self.image(.notFound)
      case .handedOn, .unavailable: response = error.problem.response
      }
    }
    meter.count(.track, status: response.status.code)
    return response
  }

  private func count(_ request: Request, _ name: Request.Bytes) throws(RedirectFailure) {
    let (link, slug) = try lookup.link(named: name, request)
    let flags = request.clickFlags?.union(.pixel)
    let details: ClickDetails
    let id: SnowflakeID?
    switch link {
    case .plain(let link):
      id = link.id
      details = ClickDetails(revision: link.revision, domain: link.domain, flags: flags ?? [])
    case .managed(let link):
      try link.requireValidity(at: SystemClock.milliseconds())
      id = link.id
      details = ClickDetails(
        revision: link.terms.revision, domain: link.domain, flags: flags ?? [])
    }
    guard flags != nil else { return }
    let event = EventID(hex: request.id) ?? .random()
    journal.record(
      request.click(event, slug, id, details, isRetried: request.isRetried(in: role)))
  }

  private static func image(_ status: HTTPResponse.Status) -> Response {
    Response(
      status: status,
      fields: [Response.Field("Content-Type", "image/gif")] + Response.uncachedFields, body: pixel)
  }

  /// A GIF of one transparent pixel.
  private static let pixel: [UInt8] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00,
    0xFF, 0xFF, 0xFF, 0x21, 0xF9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x01, 0x44, 0x00, 0x3B,
  ]
}
