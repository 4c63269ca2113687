import API

/// The place of a visit in a list: newest first, and by id within a second.
struct VisitPlace: Equatable, Sendable {
  let seconds: Int64
  /// 32 hexadecimal digits.
  let id: String

  init(seconds: Int64, id: String) {
    self.seconds = seconds
    self.id = id
  }

  /// Nil for a cursor of another kind of list.
  init?(_ cursor: Cursor) {
    guard case .text(let id) = cursor.key, id.utf8.count == 32,
      id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      (0...Self.latest).contains(cursor.id)
    else { return nil }
    self.init(seconds: cursor.id, id: id)
  }

  /// The greatest time that ClickHouse has.
  static let latest = Int64(UInt32.max)

  func cursor(passed: Int) -> Cursor { Cursor(key: .text(id), id: seconds, passed: passed) }
}
