package import Access
import Postgres

/// What a list depends on in addition to its filter: who asks, and which of its tags and keys exist.
package struct ListView {
  /// Holds for the links that are there for the caller, and are of the filter's domain and key.
  let isThere: SQL
  /// Whether these are a part of all links, and so few that the list reads each of them.
  let areFew: Bool
  /// The links that have the filter's term; nil without one.
  let found: FoundLinks?
  let tags: ListedTags
}

extension ShortURLTable {
  package func view(
    of filter: ShortURLFilter, for caller: Caller
  ) throws(TableError) -> ListView {
    var conditions = [isThere]
    if let domain = filter.domain { conditions.append("domain = \(domain)") }
    if let name = filter.keyName, let author = try author(named: name, for: caller) {
      conditions.append(author)
    }
    let isOfAll = conditions.count == 1
    if !filter.states.isEmpty { conditions.append(.any(filter.states.map(\.condition))) }
    // Most links are active.
    let isOfStates = !filter.states.isEmpty && filter.states.allSatisfy(\.isIndexed)
    let isPart = !isOfAll || isOfStates || caller.isRestricted || caller.tenant != 0
    let part: SQL = "SELECT FROM short_urls WHERE \(SQL.all(conditions))"
    let areFew = isPart ? try self.areFew(part) : false
    try time?.limitNext()
    let found: FoundLinks? =
      if let term = filter.term { try search(term, for: caller) } else { nil }
    try time?.limitNext()
    return ListView(
      isThere: .all(conditions), areFew: areFew, found: found,
      tags: try listedTags(filter, tenant: caller.tenant))
  }

  /// Holds for the links that the key with a name has made; nil for all links.
  ///
  /// A name is a tenant's. Who sees only some links finds out nothing about other keys.
  private func author(
    named name: String, for caller: Caller
  ) throws(TableError) -> SQL? {
    let key = try connection.execute(
      "SELECT id FROM api_keys WHERE tenant = \(caller.tenant) AND name = \(name)", "find a key",
      timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.integer() }
    if caller.isRestricted, key == nil || key != caller.author.map(Int64.init) { return nil }
    return key.map { "author = \($0)" } ?? "FALSE"
  }
}
