import API

extension Pagination {
  /// Which page it is, how many items there are, and how the list goes on.
  func line(_ noun: String) -> String {
    let known = total < Self.countLimit ? "\(total)" : "\(Self.countLimit - 1) and more"
    let next = nextCursor.map { "; go on with --cursor \($0)" } ?? ""
    return "page \(number) of \(pages), \(known) \(noun)" + next
  }
}
