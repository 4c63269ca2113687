import Clicks
import HTTPTypes
package import Journals
import Links
package import Metrics
package import Service
package import Web

/// `GET /{short_code}`: where the link leads.
///
/// The click is in the journal before the answer leaves. Nothing else is waited for.
package struct Redirect {
  private let lookup: LinkLookup
  private let journal: ClickJournal
  private let fields: [Response.Field]
  /// A visit that follows must come here.
  private static let prefetchFields = [Response.Field("Cache-Control", "no-store")]
  private let role: ShortenerRole
  private let meter: Meter

  /// - Parameters:
  ///   - lookup: Tells where a name leads.
  ///   - journal: Gets the clicks.
  ///   - settings: The role among them: nginx asks retry workers only after another worker may have
  ///     written the click.
  ///   - meter: Counts what became of each request, and times it.
  package init(lookup: LinkLookup, journal: ClickJournal, _ settings: Settings, meter: Meter) {
    self.lookup = lookup
    self.journal = journal
    // Private and short: browsers come back, and are counted.
    fields = [
      Response.Field("Cache-Control", "private, max-age=\(settings.redirectMaxAgeSeconds)")
    ]
    role = settings.shortenerRole
    self.meter = meter
  }

  /// Answers, and counts what became of the request.
  package func answer(_ request: Request, _ segment: Request.Bytes) -> Response {
    let begin = SystemClock.nanoseconds()
    let response: Response
    do throws(RedirectFailure) {
      response = try redirect(request, segment)
      meter.add(.redirects(.redirected))
    } catch {
      let isFinal = role != .lookups && request.handOn != .lookup
      guard let outcome = error.outcome(isFinal: isFinal) else {
        meter.add(.handOns)
        return error.problem.response
      }
      response = error.problem.response
      meter.add(.redirects(outcome))
    }
    meter.observe(.redirect, SystemClock.nanoseconds() - begin)
    return response
  }

  private func redirect(
    _ request: Request, _ segment: Request.Bytes
  ) throws(RedirectFailure) -> Response {
    let (link, slug) = try lookup.link(named: segment, isLastResort: request.isLastResort)
    if request.method == .get, !request.isPrefetch {
      journal.record(
        BorrowedClick(
          eventID: EventID(hex: request.id) ?? .random(), shortCode: slug, linkID: link.id,
          milliseconds: SystemClock.milliseconds(), address: request.remoteAddress,
          userAgent: request.userAgent,
          referrer: request.referrer, isRetried: role == .retries || request.isLastResort))
    }
    return Response(
      status: .movedPermanently, location: link.destination.description,
      fields: request.isPrefetch ? Self.prefetchFields : fields)
  }
}
