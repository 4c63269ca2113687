import ClickHouse

/// Clicks from one key up to another, which is not among them; nil for a day's begin and end.
struct KeyRange {
  let lower: ClickKey?
  let upper: ClickKey?

  /// A condition that begins with AND.
  ///
  /// The server finds rows by its index for a condition on one column alone, so what the tuples say of
  /// code and time is said by themselves, too.
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

  /// The part of it about the short code alone.
  var codeCondition: SQL {
    var condition: SQL = ""
    if let lower { condition = "\(condition) AND short_code >= \(lower.codeLiteral)" }
    if let upper { condition = "\(condition) AND short_code <= \(upper.codeLiteral)" }
    return condition
  }
}
