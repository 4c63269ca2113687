/// The rows that are due and not announced yet.
struct OutboxBacklog: Equatable {
  /// `OutboxTable.countLimit` stands for any number from there on.
  let rows: Int
  /// For how long the first of them has been due; nil without any.
  let ageMilliseconds: Int64?
}
