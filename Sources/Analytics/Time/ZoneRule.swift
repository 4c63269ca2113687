import Text

/// How a zone's clocks are set each year from its last listed change on, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Rules by the number of a day in the year, which no zone of today has, are passed over.
struct ZoneRule: Equatable {
  /// The change on a weekday of a month.
  private struct Change: Equatable {
    let month: Int
    /// From 1; 5 is the last one.
    let week: Int
    let weekday: Int
    /// Seconds after midnight, on the clocks as they are before it.
    let time: Int64

    func second(in year: Int, offsetBefore: Int64) -> Int64 {
      let first = CivilDate.firstDay(ofMonth: month, year)
      let next = CivilDate.firstDay(ofMonth: month + 1, year)
      var day = first + (weekday - CivilDate.weekday(ofDay: first) + 7) % 7 + (week - 1) * 7
      if day >= next { day -= 7 }
      return Int64(day) * 86_400 + time - offsetBefore
    }
  }

  private let standard: Int64
  private let summer: Int64
  private let toSummer: Change
  private let toStandard: Change

  /// The last year that ClickHouse's times reach.
  private static let lastYear = 2106

  /// Nil for a rule of another kind, and for a zone whose clocks are never set.
  init?(_ text: some Sequence<UInt8>) {
    var reader = RuleReader(text)
    guard reader.skipName(), let west = reader.time(), reader.skipName() else { return nil }
    let summerWest = reader.peek == UInt8(ascii: ",") ? west - 3600 : reader.time()
    guard let summerWest, let toSummer = reader.change(), let toStandard = reader.change() else {
      return nil
    }
    standard = -west
    summer = -summerWest
    self.toSummer = Change(
      month: toSummer.0, week: toSummer.1, weekday: toSummer.2, time: toSummer.3)
    self.toStandard = Change(
      month: toStandard.0, week: toStandard.1, weekday: toStandard.2, time: toStandard.3)
  }

  /// The spans that begin after a moment.
  func spans(after second: Int64) -> [Zone.Span] {
    let day = max(second, 0) / 86_400
    let years = CivilDate(dayNumber: Int(day)).year...max(Self.lastYear, 2 + Int(day) / 366 + 1970)
    return years.flatMap { year in
      [
        Zone.Span(start: toSummer.second(in: year, offsetBefore: standard), offset: summer),
        Zone.Span(start: toStandard.second(in: year, offsetBefore: summer), offset: standard),
      ].sorted { $0.start < $1.start }
    }.filter { $0.start > second }
  }
}

/// Reads the parts of a rule.
private struct RuleReader {
  private var rest: ArraySlice<UInt8>

  init(_ text: some Sequence<UInt8>) {
    rest = Array(text)[...]
  }

  var peek: UInt8? { rest.first }

  mutating func skip(_ byte: Character) -> Bool {
    guard rest.first == byte.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// An abbreviation: letters, or anything between `<` and `>`.
  mutating func skipName() -> Bool {
    if skip("<") {
      rest = rest.drop { $0 != UInt8(ascii: ">") }
      return skip(">")
    }
    let before = rest.count
    rest = rest.drop { (0x41...0x5A).contains($0 & 0xDF) }
    return rest.count < before
  }

  mutating func number() -> Int64? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...3).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// `[+-]hh[:mm[:ss]]`, in seconds.
  mutating func time() -> Int64? {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    guard var seconds = number().map({ $0 * 3600 }) else { return nil }
    for unit: Int64 in [60, 1] where skip(":") {
      guard let part = number() else { return nil }
      seconds += part * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// The change `,Mm.w.d[/time]`.
  mutating func change() -> (Int, Int, Int, Int64)? {
    guard skip(","), skip("M"), let month = number(), skip("."), let week = number(), skip("."),
      let weekday = number(), (1...12).contains(month), (1...5).contains(week), weekday < 7
    else { return nil }
    guard skip("/") else { return (Int(month), Int(week), Int(weekday), 7200) }
    return time().map { (Int(month), Int(week), Int(weekday), $0) }
  }
}
