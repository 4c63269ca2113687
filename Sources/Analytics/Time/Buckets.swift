import ClickHouse
import Text

/// How long the parts of a series are.
enum BucketSize: String, CaseIterable, Sendable {
  case quarterHour = "15m"
  case hour
  case day
  case week
  case month

  /// The size for a range, where nobody asks for one.
  init(for range: TimeRange) {
    switch range.end - range.start {
    case ...(2 * 86_400): self = .hour
    case ...(92 * 86_400): self = .day
    default: self = .month
    }
  }

  /// Whether its parts are days or made of days.
  private var isOfDays: Bool { self != .quarterHour && self != .hour }

  /// The first moment of the part after the one that has a moment in it.
  fileprivate func next(after second: Int64, in zone: Zone) -> Int64 {
    if !isOfDays {
      let length: Int64 = self == .hour ? 3600 : 900
      let local = second + zone.offset(at: second)
      return second - (local - local.dividedDown(by: length) * length) + length
    }
    let day = zone.day(at: second)
    let next =
      switch self {
      // A week begins on Monday.
      case .week: day + 7 - (CivilDate.weekday(ofDay: day) + 6) % 7
      case .month: CivilDate(dayNumber: day).firstOfNextMonth
      case .quarterHour, .hour, .day: day + 1
      }
    return zone.start(ofDay: next)
  }

  /// What rows of `visits` are gathered by: each part of a series is made of such pieces.
  fileprivate func key(_ zone: Zone, _ range: TimeRange) -> SQL {
    // Clocks are set by multiples of a quarter of an hour.
    guard isOfDays else { return "toInt64(intDiv(toUInt32(timestamp), 900))" }
    let spans = zone.spans(from: range.start, to: range.end)
    let pieces = zip(spans, spans.dropFirst()).map { span, next -> SQL in
      "toUInt32(timestamp) < \(next.start), toInt64(\(span.offset))"
    }
    let last: SQL = "toInt64(\(spans.last?.offset ?? 0))"
    let offset: SQL = pieces.isEmpty ? last : "multiIf(\(SQL(list: pieces)), \(last))"
    return "intDiv(toInt64(toUInt32(timestamp)) + \(offset), 86400)"
  }

  /// The first moment of a piece.
  fileprivate func start(ofPiece key: Int64, in zone: Zone) -> Int64 {
    isOfDays ? zone.start(ofDay: Int(key)) : key * 900
  }
}

/// The parts of a range of time: the first is cut to its start, and the last to its end.
struct Buckets: Equatable, Sendable {
  static let limit = 400

  let range: TimeRange
  let size: BucketSize
  let zone: Zone
  /// The first second of each.
  let starts: [Int64]

  /// Nil when there are more than `limit`.
  init?(_ range: TimeRange, _ size: BucketSize, in zone: Zone) {
    var starts: [Int64] = []
    var second = range.start
    while second < range.end {
      guard starts.count < Self.limit else { return nil }
      starts.append(second)
      second = size.next(after: second, in: zone)
    }
    self.range = range
    self.size = size
    self.zone = zone
    self.starts = starts
  }

  /// What rows of `visits` are gathered by.
  var key: SQL { size.key(zone, range) }

  /// The bucket of a piece, by its number.
  func index(ofPiece key: Int64) -> Int? {
    let second = max(size.start(ofPiece: key, in: zone), range.start)
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}

extension CivilDate {
  fileprivate var firstOfNextMonth: Int { Self.firstDay(ofMonth: month + 1, year) }
}
