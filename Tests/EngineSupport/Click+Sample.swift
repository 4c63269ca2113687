package import Clicks
import Service

extension Click {
  package static func sample(
    _ number: Int, code: String = "abc", at milliseconds: Int64? = nil,
    userAgent: String = "Mozilla/5.0", referrer: String = "https://example.org/",
    isRetried: Bool = false
  ) -> Click {
    Click(
      eventID: EventID(high: 7, low: UInt64(number)), shortCode: code,
      milliseconds: milliseconds ?? SystemClock.milliseconds(),
      address: "192.0.2.\(number % 256)", userAgent: userAgent, referrer: referrer,
      isRetried: isRetried)
  }
}
