import ClickHouse

/// A range of clicks from one key up to another, exclusive; nil for the day's beginning and end.
struct KeyRange {
  let lower: ClickKey?
  let upper: ClickKey?

  /// A condition that begins with AND.
  ///
  /// The server uses its index only for a condition on a single column. So code and time also have
  /// conditions of their own, in addition to the tuples.
  var condition: SQL {
    var condition = codeCondition
    if let lower, let upper, lower.hasCode(of: upper) {
      condition =
        "\(condition) AND timestamp >= \(lower.timeLiteral) AND timestamp <= \(upper.timeLiteral)"
    }
    if let lower { condition = "\(condition) AND (\(ClickKey.columns)) >= \(lower.literal)" }
    if let upper { condition = "\(condition) AND (\(ClickKey.columns)) < \(upper.literal)" }
    return condition
  }

  /// The part of the condition about the short code.
  var codeCondition: SQL {
    var condition: SQL = ""
    if let lower { condition = "\(condition) AND short_code >= \(lower.codeLiteral)" }
    if let upper { condition = "\(condition) AND short_code <= \(upper.codeLiteral)" }
    return condition
  }
}
