import Clicks
import HTTPTypes
import Links
import Service
import Web

extension Request {
  /// The flags of the click that this request is; nil for a request that isn't counted.
  ///
  /// nginx says so, by the policies of its site. A site file of a release before says only what is a
  /// prefetch. The fast path has the twin (`lua/fast_path.lua`).
  var clickFlags: ClickFlags? {
    guard method == .get else { return nil }
    guard let first = counting.first else { return isPrefetch ? nil : ClickFlags.none }
    guard counting.count == 1, (0x31...0x39).contains(first) else { return nil }
    return ClickFlags(rawValue: first - 0x30)
  }

  /// The click that this request is, without what an anonymous visitor doesn't want kept.
  ///
  /// - Parameters:
  ///   - event: nginx's id of the request.
  ///   - name: The visited name; it must live as long as the click.
  ///   - id: The link's id; nil when the name tells it, and without a link.
  ///   - details: With the click's flags.
  ///   - isRetried: Whether another worker may have recorded the request.
  /// - Returns: The click, in the request's bytes.
  func click(
    _ event: EventID, _ name: Bytes, _ id: SnowflakeID?, _ details: ClickDetails, isRetried: Bool
  ) -> BorrowedClick {
    let isAnonymous = details.flags.contains(.anonymous)
    let none = Bytes(start: nil, count: 0)
    return BorrowedClick(
      eventID: event, shortCode: name, linkID: id, milliseconds: SystemClock.milliseconds(),
      address: isAnonymous ? none : remoteAddress, userAgent: userAgent,
      referrer: isAnonymous ? none : referrer, language: isAnonymous ? none : language,
      details: details, isRetried: isRetried)
  }
}
