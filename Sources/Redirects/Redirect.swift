import Clicks
import HTTPTypes
package import Journals
import Links
package import Metrics
package import Places
package import Service
package import Web

/// `GET /{short_code}`: redirects to the link's destination.
///
/// The click is in the journal before the answer is sent. The request waits for nothing else.
package struct Redirect {
  private let lookup: LinkLookup
  private let places: PlaceFinder
  private let gate: VisitGate
  private let misses: Misses
  private let journal: ClickJournal
  private let fields: [Response.Field]
  /// nginx tells robots not to list a redirect, unless it finds this field in it.
  private static let crawlableFields =
    Response.uncachedFields + [Response.Field("X-Robots-Tag", "all")]
  private let role: ShortenerRole
  private let meter: Meter

  /// - Parameters:
  ///   - lookup: Finds the link of a name.
  ///   - places: Knows where visitors are.
  ///   - gate: Holds links to their limits of visits.
  ///   - misses: Answers visitors without a link.
  ///   - journal: Records the clicks.
  ///   - settings: Its role matters: nginx asks retry workers only after another worker may have
  ///     written the click.
  ///   - meter: Counts and times each request by its outcome.
  package init(
    lookup: LinkLookup, places: PlaceFinder, gate: VisitGate, misses: Misses, journal: ClickJournal,
    _ settings: Settings, meter: Meter
  ) {
    self.lookup = lookup
    self.places = places
    self.gate = gate
    self.misses = misses
    self.journal = journal
    // Privately cacheable for a short time: browsers return, and are counted.
    fields = [
      Response.Field("Cache-Control", "private, max-age=\(settings.redirectMaxAgeSeconds)")
    ]
    role = settings.shortenerRole
    self.meter = meter
  }

  /// Answers the request, and counts its outcome.
  package func answer(_ request: Request, _ segment: Request.Bytes) -> Response {
    let begin = SystemClock.nanoseconds()
    let response: Response
    do throws(RedirectFailure) {
      response = try redirect(request, segment)
      meter.add(.redirects(.redirected))
    } catch {
      let (answer, outcome) = answer(request, to: error)
      guard let outcome else {
        meter.add(.handOns)
        return answer
      }
      response = answer
      meter.add(.redirects(outcome))
    }
    meter.observe(.redirect, SystemClock.nanoseconds() - begin)
    return response
  }

  /// Answers a request without a redirect to a link.
  ///
  /// - Returns: The answer, and its outcome; nil when nginx asks another worker.
  private func answer(
    _ request: Request, to failure: RedirectFailure
  ) -> (Response, RedirectOutcome?) {
    let isFinal = request.isFinal(in: role)
    let outcome = failure.outcome(isFinal: isFinal)
    do throws(RedirectFailure) {
      return (try misses.answer(request, to: failure), outcome)
    } catch {
      return (error.problem.response, error.outcome(isFinal: isFinal))
    }
  }

  private func redirect(
    _ request: Request, _ segment: Request.Bytes
  ) throws(RedirectFailure) -> Response {
    let (link, slug) = try lookup.link(named: segment, request)
    let event = EventID(hex: request.id) ?? .random()
    switch link {
    case .plain(let link):
      if let flags = request.clickFlags {
        record(
          request, event, slug, link.id,
          ClickDetails(revision: link.revision, domain: link.domain, flags: flags))
      }
      guard link.forwardsQuery else {
        return redirection(to: link.destination, isCached: !request.isPrefetch)
      }
      return redirection(
        to: link.destination.forwarding(request.query), isCached: !request.isPrefetch)
    case .managed(let link):
      let target = try link.target(for: request, places, at: SystemClock.milliseconds())
      if link.terms.isLimited {
        try gate.pass(link, request, event, at: SystemClock.bootMilliseconds())
      }
      if let flags = request.clickFlags {
        record(
          request, event, slug, link.id,
          ClickDetails(
            revision: link.terms.revision, rule: target.rule, domain: link.domain, flags: flags))
      }
      return Response(
        status: .movedPermanently, location: target.destination.description,
        fields: link.terms.isCrawlable ? Self.crawlableFields : Response.uncachedFields)
    }
  }

  private func record(
    _ request: Request, _ event: EventID, _ slug: Request.Bytes, _ id: SnowflakeID?,
    _ details: ClickDetails
  ) {
    journal.record(
      request.click(event, slug, id, details, isRetried: request.isRetried(in: role)))
  }

  /// The visit that follows a prefetch must come here too, and each visit of a managed link.
  private func redirection(to destination: DestinationURL, isCached: Bool) -> Response {
    Response(
      status: .movedPermanently, location: destination.description,
      fields: isCached ? fields : Response.uncachedFields)
  }
}
