/// A day of the proleptic Gregorian calendar, by integer arithmetic.
package struct CivilDate: Equatable, Sendable {
  package let year: Int
  /// From 1 to 12.
  package let month: Int
  package let day: Int

  /// The date of a day.
  ///
  /// - Parameter number: Days since 1970-01-01, which may be before it.
  package init(dayNumber number: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  }

  /// Days since 1970-01-01, counted in years that begin in March, so that a leap day comes last.
  package static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let yearDay = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + yearDay - 719_468
  }

  /// The day number of the first of a month; month 13 is January of the next year.
  package static func firstDay(ofMonth month: Int, _ year: Int) -> Int {
    dayNumber(year: month > 12 ? year + 1 : year, month: month > 12 ? month - 12 : month, day: 1)
  }

  /// The day of the week: 0 is Sunday.
  package static func weekday(ofDay number: Int) -> Int { ((number + 4) % 7 + 7) % 7 }
}
