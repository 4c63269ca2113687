package import Web

/// What is left of a key's requests, when one of them has been counted.
///
/// A key may make so many requests in a minute. The minute begins with the first of them.
package struct Quota: Equatable, Sendable {
  /// How long a quota is for, in seconds.
  package static let seconds = 60

  package let limit: Int
  /// The requests of this minute, this one included; those beyond the limit are refused.
  package let used: Int
  /// Until the minute ends.
  package let millisecondsLeft: Int64

  package init(limit: Int, used: Int, millisecondsLeft: Int64) {
    self.limit = limit
    self.used = used
    self.millisecondsLeft = min(max(millisecondsLeft, 0), Int64(Self.seconds) * 1000)
  }

  package var isExceeded: Bool { used > limit }

  /// Until there is a new quota; at least one.
  package var secondsLeft: Int { max(1, Int((millisecondsLeft + 999) / 1000)) }

  /// The header lines for its holder (draft-ietf-httpapi-ratelimit-headers-10).
  package var fields: [Response.Field] {
    [
      Response.Field("RateLimit-Policy", "\"key\";q=\(limit);w=\(Self.seconds)"),
      Response.Field("RateLimit", "\"key\";r=\(max(0, limit - used));t=\(secondsLeft)"),
    ]
  }
}
