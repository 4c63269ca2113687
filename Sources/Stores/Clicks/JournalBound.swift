/// How many bytes all of a folder's journals together may have, kept by each writer for itself.
///
/// A writer looks at the folder once a second, and between two looks it writes no more than a
/// 32nd of what was left: so up to 32 writers together stay below the bound without a word between
/// them.
struct JournalBound {
  /// Above this part of the bound the writers warn.
  private static let nearly = 0.8

  private let directory: JournalDirectory
  private let limit: Int
  private var used = 0
  private var allowance = 0
  private var lookedAt: Int64 = .min

  init(_ directory: JournalDirectory, limit: Int) {
    self.directory = directory
    self.limit = limit
  }

  /// By what was there at the last look, which this writer takes when it writes.
  var isNearlyReached: Bool { isNearlyReached(by: used) }

  func isNearlyReached(by bytes: Int) -> Bool { Double(bytes) > Self.nearly * Double(limit) }

  /// Takes bytes to be written from what is left.
  ///
  /// - Parameters:
  ///   - bytes: Of one line.
  ///   - now: Milliseconds of a clock that never stands still.
  /// - Returns: Whether they may.
  mutating func take(_ bytes: Int, at now: Int64) -> Bool {
    let age = now &- lookedAt
    if allowance < bytes ? !(0..<100).contains(age) : !(0..<1000).contains(age) { look(at: now) }
    guard allowance >= bytes else { return false }
    allowance -= bytes
    return true
  }

  private mutating func look(at now: Int64) {
    lookedAt = now
    // A folder that can't be read is no reason to drop: writing will tell.
    used = (try? directory.bytes()) ?? 0
    allowance = max(0, limit - used) / 32
  }
}
