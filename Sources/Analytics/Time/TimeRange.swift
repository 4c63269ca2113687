import Text

/// A range of time, in seconds since 1970.
struct TimeRange: Equatable, Sendable {
  let start: Int64
  /// The first second that isn't meant any more.
  let end: Int64

  /// The range before it, which is as long: in days of the zone where it begins with a day.
  func previous(in zone: Zone) -> TimeRange {
    let first = zone.day(at: start)
    guard end > start, zone.start(ofDay: first) == start else {
      return TimeRange(start: start - (end - start), end: start)
    }
    let days = first - zone.day(at: end - 1) - 1
    // Of a day of 25 hours the last one may be that of the next day.
    return TimeRange(
      start: Self.moved(start, byDays: days, zone),
      end: min(Self.moved(end, byDays: days, zone), start))
  }

  /// The same time of another day.
  private static func moved(_ second: Int64, byDays days: Int, _ zone: Zone) -> Int64 {
    let day = zone.day(at: second)
    return zone.start(ofDay: day + days) + second - zone.start(ofDay: day)
  }
}

/// A range that ends now, or at another moment.
enum Interval: String, CaseIterable, Sendable {
  case day = "24h"
  case week = "7d"
  case month = "30d"
  case quarter = "90d"
  case year = "1y"
  case monthToDate = "mtd"
  case quarterToDate = "qtd"
  case yearToDate = "ytd"
  case all

  /// Its first moment: the start of a day in the zone, except that of `24h`; nil for `all`.
  func start(endingAt end: Int64, in zone: Zone) -> Int64? {
    let today = zone.day(at: end - 1)
    let date = CivilDate(dayNumber: today)
    switch self {
    case .day: return end - 86_400
    case .week: return zone.start(ofDay: today - 6)
    case .month: return zone.start(ofDay: today - 29)
    case .quarter: return zone.start(ofDay: today - 89)
    case .year: return zone.start(ofDay: today - 364)
    case .monthToDate: return zone.start(ofDay: .firstDay(of: date.month, date.year))
    case .quarterToDate:
      return zone.start(ofDay: .firstDay(of: (date.month - 1) / 3 * 3 + 1, date.year))
    case .yearToDate: return zone.start(ofDay: .firstDay(of: 1, date.year))
    case .all: return nil
    }
  }
}

/// An end of a range as somebody names it.
enum TimeEdge: Equatable, Sendable {
  /// The start of a day in the zone, by days since 1970-01-01.
  case day(Int)
  /// Seconds since 1970.
  case moment(Int64)

  func second(in zone: Zone) -> Int64 {
    switch self {
    case .day(let day): zone.start(ofDay: day)
    case .moment(let second): second
    }
  }
}

extension Int {
  fileprivate static func firstDay(of month: Int, _ year: Int) -> Int {
    CivilDate.firstDay(ofMonth: month, year)
  }
}
