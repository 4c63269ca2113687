package import Links
package import Redis
package import Sessions

/// Announces changes of links to all hosts.
///
/// Redis deletes the links and publishes their names, in one transaction. Every host's
/// `invalidator` subscribes to the channel. To announce twice is harmless: it only costs another
/// look-up.
package enum Announcement {
  /// The limit of links in one transaction.
  private static let largestBatch = 512

  /// The channel for the names of changed links.
  ///
  /// A Redis' databases share their channels, so the database is part of the name.
  package static func channel(_ database: Int) -> String { "short_url_changes:\(database)" }

  /// One transaction that announces these links; at most 512.
  package static func commands(_ keys: [LinkKey], database: Int) -> [Command] {
    var removal: Command = ["DEL"]
    for key in keys { removal.append(LinkCache.word(key)) }
    let names = keys.map(\.name).joined(separator: "\n")
    return [
      ["MULTI"], removal, ["PUBLISH", .text(channel(database)), .text(names)], ["EXEC"],
    ]
  }

  /// Announces committed changes.
  ///
  /// - Throws: When Redis may not have received all of them.
  package static func announce(
    _ keys: [LinkKey], _ session: RedisSession
  ) throws(StoreError) {
    var rest = keys[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(largestBatch))
      rest = rest.dropFirst(largestBatch)
      let replies = try session.run(commands(batch, database: session.database))
      if let refusal = refusal(in: replies) {
        throw StoreError(.redis, .unavailable, during: "announce changes", refusal)
      }
    }
  }

  /// Why the transaction was not executed as a whole; nil when it was.
  private static func refusal(in replies: [Reply]) -> String? {
    guard case .array(let results)? = replies.last else {
      return firstError(in: replies) ?? "no transaction was carried out"
    }
    return firstError(in: results)
  }

  private static func firstError(in replies: [Reply]) -> String? {
    for case .error(let text) in replies { return text }
    return nil
  }
}
