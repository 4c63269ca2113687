/// PostgreSQL counts microseconds since 2000-01-01T00:00:00Z.
enum PostgresEpoch {
  private static let unixMilliseconds: Int64 = 946_684_800_000

  /// Saturates, far outside the years that PostgreSQL knows.
  static func microseconds(fromUnixMilliseconds milliseconds: Int64) -> Int64 {
    let (moved, overflow) = milliseconds.subtractingReportingOverflow(unixMilliseconds)
    let (product, overflow2) = moved.multipliedReportingOverflow(by: 1_000)
    return overflow || overflow2 ? (milliseconds < 0 ? .min : .max) : product
  }

  /// Rounds down to the millisecond.
  static func unixMilliseconds(fromMicroseconds microseconds: Int64) -> Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000)
    return (remainder < 0 ? quotient - 1 : quotient) + unixMilliseconds
  }
}
