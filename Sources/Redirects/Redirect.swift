import Clicks
import HTTPTypes
import Journals
import Links
import Service
import Serving
import Web

/// `GET /{short_code}`: where the link leads.
///
/// The click is in the journal before the answer leaves. Nothing else is waited for.
struct Redirect {
  let lookup: LinkLookup
  let journal: ClickJournal
  private let fields: [Response.Field]
  /// A visit that follows must come here.
  private static let prefetchFields = [Response.Field("Cache-Control", "no-store")]
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
    guard let name = PathCode(segment) else { throw .unknownCode }
    let destination = try lookup.destination(of: name.code, isLastResort: request.isLastResort)
    if request.method == .get, !request.isPrefetch {
      journal.record(
        BorrowedClick(
          eventID: EventID(hex: request.id) ?? .random(), shortCode: name.bytes,
          milliseconds: SystemClock.milliseconds(), address: request.remoteAddress,
          userAgent: request.userAgent,
          referrer: request.referrer, isRetried: isRetry || request.isLastResort))
    }
    return Response(
      status: .movedPermanently, location: destination.description,
      fields: request.isPrefetch ? Self.prefetchFields : fields)
  }
}
