/// How many visits there are in each hour that has some, newest first.
struct VisitHours: Equatable, Sendable {
  struct Hour: Equatable, Sendable {
    /// Its first second, since 1970.
    let start: Int64
    let count: Int
  }

  let hours: [Hour]

  /// Finds the hours that have some rows of the list.
  ///
  /// - Parameters:
  ///   - offset: How many rows come before them.
  ///   - limit: How many are wanted.
  /// - Returns: The times, and how many rows of these come before the wanted ones; nil behind the end.
  func window(at offset: Int, atMost limit: Int) -> (window: VisitWindow, skipped: Int)? {
    var before = 0
    var first: (hour: Hour, skipped: Int)?
    for hour in hours {
      if first == nil, before + hour.count > offset { first = (hour, offset - before) }
      before += hour.count
      guard let first, before >= offset + limit else { continue }
      return (VisitWindow(start: hour.start, end: first.hour.start + 3600), first.skipped)
    }
    guard let first else { return nil }
    return (VisitWindow(start: hours.last?.start, end: first.hour.start + 3600), first.skipped)
  }
}
