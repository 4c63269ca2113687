import ClickHouse

/// Cuts a day's clicks into ranges, one after the other.
///
/// The clicks are ordered and never change. So after an interruption the number of carried clicks
/// tells where to continue, whatever ranges they came in.
struct DayCuts {
  /// The number of keys above which a larger day gets wider gaps.
  private static let keyTarget = 32_768

  private let rows: DayRows
  private let total: Int
  private let spacing: Int
  /// The limit of rows of a range.
  private let rowLimit: Int
  /// The beginning of the next range; nil for the day's beginning.
  private var lower: ClickKey?
  /// Possible cuts after `lower`, the next one last; the day's end comes after all of them.
  private var cuts: [ClickKey]
  private(set) var isAtEnd = false

  /// - Parameters:
  ///   - rows: The day's rows.
  ///   - total: Their number.
  ///   - settings: The distance of cuts.
  /// - Throws: When the server can't be asked.
  init(_ rows: DayRows, total: Int, _ settings: CarrySettings) throws(ClickHouseError) {
    self.rows = rows
    self.total = total
    spacing = max(settings.spacing, total / Self.keyTarget)
    rowLimit = settings.rowLimit
    cuts = []
    if total > spacing { cuts = try keys(in: KeyRange(lower: nil, upper: nil)) }
  }

  /// Continues after the first clicks of the day.
  ///
  /// - Parameter carried: Their number.
  /// - Returns: False when the day can't be cut there: it has fewer clicks, or equal ones.
  /// - Throws: When the server can't be asked.
  mutating func skip(_ carried: Int) throws -> Bool {
    guard carried < total else {
      isAtEnd = carried == total
      return isAtEnd
    }
    var left = carried
    while left > 0 {
      // The last of the cuts with at most `left` clicks before it.
      var (near, far, before) = (cuts.count, -1, 0)
      while near - far > 1 {
        let middle = (near + far) / 2
        let count = try rows.count(KeyRange(lower: key(near), upper: key(middle)))
        if before + count <= left {
          (near, before) = (middle, before + count)
        } else {
          far = middle
        }
      }
      move(to: near)
      left -= before
      guard left > 0 else { break }
      let gap = try rows.count(KeyRange(lower: lower, upper: cuts.last))
      guard try cutFiner(gap) else { return false }
    }
    return true
  }

  /// The next range, of about `target` rows; call it until `isAtEnd`.
  ///
  /// - Throws: `CarryError` when it can't be made small enough.
  mutating func next(rows target: Int) throws -> (range: KeyRange, rows: Int) {
    var gaps = min(cuts.count + 1, max(1, target / spacing))
    var mayGrow = true
    while true {
      let end = cuts.count - gaps
      let range = KeyRange(lower: lower, upper: end < 0 ? nil : cuts[end])
      let count = try rows.count(range)
      if count > rowLimit {
        mayGrow = false
        if gaps > 1 {
          gaps /= 2
        } else if try !cutFiner(count) {
          throw CarryError.canNotBeCut(day: rows.day.name)
        }
      } else if mayGrow, end >= 0, count < target / 2 {
        gaps = min(cuts.count + 1, 2 * gaps)
      } else {
        move(to: end)
        return (range, count)
      }
    }
  }

  /// The key at a place of `cuts`; nil before the first and after the last.
  private func key(_ index: Int) -> ClickKey? {
    index == cuts.count ? lower : index < 0 ? nil : cuts[index]
  }

  private mutating func move(to index: Int) {
    guard index < cuts.count else { return }
    if index < 0 {
      isAtEnd = true
      cuts = []
    } else {
      lower = cuts[index]
      cuts.removeLast(cuts.count - index)
    }
  }

  /// Finds cuts inside the next gap, which has so many rows.
  ///
  /// - Returns: False when there are none.
  private mutating func cutFiner(_ count: Int) throws(ClickHouseError) -> Bool {
    let range = KeyRange(lower: lower, upper: cuts.last)
    var modulus = max(1, count / Self.keyTarget)
    while true {
      let finer = try rows.keys(in: range, modulus: modulus).reversed()
      cuts += finer
      if !finer.isEmpty || modulus == 1 { return !finer.isEmpty }
      modulus = max(1, modulus / 16)
    }
  }

  private func keys(in range: KeyRange) throws(ClickHouseError) -> [ClickKey] {
    try rows.keys(in: range, modulus: spacing).reversed()
  }
}
