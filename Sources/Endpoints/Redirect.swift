import Clicks
import HTTPTypes
import Links
import Service
import Stores
import Web

/// `GET /{short_code}`: where the link leads.
///
/// The click is in the journal before the answer leaves. Nothing else is waited for.
struct Redirect {
  let lookup: LinkLookup
  let journal: ClickJournal
  private let fields: [Response.Field]
  /// Whether nginx asks here only after another worker may have written the click.
  let isRetry: Bool

  init(lookup: LinkLookup, journal: ClickJournal, maxAgeSeconds: Int, isRetry: Bool) {
    self.lookup = lookup
    self.journal = journal
    // Private and short: browsers come back, and are counted.
    fields = [Response.Field("Cache-Control", "private, max-age=\(maxAgeSeconds)")]
    self.isRetry = isRetry
  }

  func answer(_ request: Request, _ segment: Request.Bytes) throws(Failure) -> Response {
    guard let code = ShortCode(segment) else { throw .unknownCode }
    let destination = try lookup.destination(of: code, isLastResort: request.isLastResort)
    if request.method == .get {
      journal.record(
        BorrowedClick(
          eventID: EventID(hex: request.id) ?? .random(), shortCode: segment,
          milliseconds: SystemClock.milliseconds(), address: request.remoteAddress,
          userAgent: request.userAgent,
          referrer: request.referrer, isRetried: isRetry || request.isLastResort))
    }
    return Response(
      status: .movedPermanently, location: destination.description, fields: fields)
  }
}
