import Redis

/// Which Redis it is that answers, by its own word.
///
/// A restarted server has another `run_id`, also if it has read an older dump. A promoted replica
/// has another `master_replid`. So has a server whose data was replaced by another one's.
struct CacheIdentity: Equatable, CustomStringConvertible {
  /// What is asked, in one round trip.
  static let questions: [Command] = [["INFO", "server"], ["INFO", "replication"]]

  let description: String

  /// - Returns: Nil when the answers have neither number: then it can't be told from another one.
  init?(_ replies: [Reply]) {
    let lines = replies.compactMap(\.text).flatMap {
      $0.utf8.split { $0 == 0x0A || $0 == 0x0D }
    }.map { String(decoding: $0, as: UTF8.self) }
    let numbers = ["run_id:", "master_replid:"].map { name in
      lines.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) } ?? ""
    }
    guard numbers.contains(where: { !$0.isEmpty }) else { return nil }
    description = numbers.joined(separator: " ")
  }
}
