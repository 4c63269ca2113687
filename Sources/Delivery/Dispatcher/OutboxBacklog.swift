/// The rows that are due and not announced yet.
struct OutboxBacklog: Equatable {
  /// The number of rows; `OutboxTable.countLimit` stands for that many or more.
  let rows: Int
  /// For how long the first of them has been due; nil without any.
  let ageMilliseconds: Int64?
}
