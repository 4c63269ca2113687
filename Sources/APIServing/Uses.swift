/// The uses of keys or sessions that one worker has yet to note.
struct Uses {
  /// What was used since the last note.
  private var used: Set<Int64> = []
  /// When the use of each was last noted, on the boot clock.
  private var noted: [Int64: Int64] = [:]

  /// How exactly the last use is told.
  private static let milliseconds: Int64 = 60_000
  /// How many notes are remembered.
  private static let limit = 1000

  mutating func note(_ id: Int64) { used.insert(id) }

  /// What is to be noted now, and counts as noted from here on.
  mutating func due(at now: Int64) -> [Int64] {
    let due = used.filter { now >= (noted[$0] ?? 0) + Self.milliseconds }
    used = []
    if noted.count + due.count > Self.limit { noted = [:] }
    for id in due { noted[id] = now }
    return due.sorted()
  }
}
