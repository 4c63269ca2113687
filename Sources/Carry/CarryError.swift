/// An error that a carry can't repair: it stops, and an operator must look.
package enum CarryError: Error, CustomStringConvertible {
  /// A batch differs between the tables.
  case differs(day: String, batch: UInt64)
  /// Old clicks have a later batch than the last old one.
  case isAfterTheLast(day: String, batch: UInt64)
  /// The carried clicks of a day are not its first ones.
  case noRangeFits(day: String, carried: Int)
  /// Too many rows of a day are equal in everything that distinguishes clicks.
  case canNotBeCut(day: String)
  /// The sums of a copy and its original differ.
  case countsDiffer(table: String)
  /// The number of clicks of a compared day has changed.
  case dayDiffers(day: String, carried: Int, expected: Int)

  package var description: String {
    switch self {
    case .differs(let day, let batch):
      "batch \(batch) of \(day) is not the same in clicks_before and in visits"
    case .isAfterTheLast(let day, let batch):
      "clicks_before has batch \(batch) of \(day), which is after the last old one"
    case .noRangeFits(let day, let carried):
      "visits has \(carried) old clicks of \(day), and no carry leaves it so"
    case .canNotBeCut(let day):
      "clicks_before has more rows of \(day) that are the same than one insert can carry"
    case .countsDiffer(let table): "the copy of \(table) hasn't the sums of \(table)"
    case .dayDiffers(let day, let carried, let expected):
      "visits has \(carried) old clicks of \(day), and clicks_before has \(expected)"
    }
  }

  /// The differing batch for the seam's log; 0 if unknown.
  var batch: UInt64 {
    switch self {
    case .differs(_, let batch), .isAfterTheLast(_, let batch): batch
    case .noRangeFits, .canNotBeCut, .countsDiffer, .dayDiffers: 0
    }
  }
}
