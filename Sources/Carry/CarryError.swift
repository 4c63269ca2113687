/// What a carry can't mend: it stops, and an operator must look.
package enum CarryError: Error, CustomStringConvertible {
  /// A batch isn't the same in both tables.
  case differs(day: String, batch: UInt64)
  /// Old clicks have a later batch than the last old one.
  case isAfterTheLast(day: String, batch: UInt64)
  /// The clicks that are carried of a day are not its first ones.
  case noRangeFits(day: String, carried: Int)
  /// Too many rows of a day are the same in all that tells clicks apart.
  case canNotBeCut(day: String)
  /// A copy of counts hasn't their sums.
  case countsDiffer(table: String)
  /// A day that was compared has fewer or more clicks now, or one that has none had some.
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

  /// The batch that isn't the same, for the log of the seam; 0 where no batch is known.
  var batch: UInt64 {
    switch self {
    case .differs(_, let batch), .isAfterTheLast(_, let batch): batch
    case .noRangeFits, .canNotBeCut, .countsDiffer, .dayDiffers: 0
    }
  }
}
