import Service

/// How many bytes all of a folder's journals together may have, kept by each writer for itself.
///
/// A writer looks at the folder once a second, and between two looks it writes no more than a
/// 32nd of what was left: so up to 32 writers together stay below the bound without a word between
/// them.
struct JournalBound {
  /// Above this part of the bound the writers warn.
  private static let nearly = 0.8
  /// Between two looks of a writer that has used up its part.
  private static let lookMilliseconds: Int64 = 100

  private let directory: JournalDirectory
  private let limit: Int
  private var used = 0
  private var allowance = 0
  private var lookedAt: Int64 = .min
  /// The same by a clock that always goes on.
  private var lookedAtBoot: Int64 = 0

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
  ///   - now: Milliseconds of any clock; it may step, and stand still.
  /// - Returns: Whether they may.
  mutating func take(_ bytes: Int, at now: Int64) -> Bool {
    if !(0..<1000).contains(now &- lookedAt) || allowance < bytes && mayLookAgain { look(at: now) }
    guard allowance >= bytes else { return false }
    allowance -= bytes
    return true
  }

  private var mayLookAgain: Bool {
    SystemClock.bootMilliseconds() >= lookedAtBoot + Self.lookMilliseconds
  }

  private mutating func look(at now: Int64) {
    lookedAt = now
    lookedAtBoot = SystemClock.bootMilliseconds()
    // A folder that can't be read is no reason to drop: writing will tell.
    used = (try? directory.bytes()) ?? 0
    allowance = max(0, limit - used) / 32
  }
}
