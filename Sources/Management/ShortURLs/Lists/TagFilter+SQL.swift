import Postgres

/// A tag as a list looks for its links.
struct ListedTag: Sendable {
  let id: Int64
  /// How many links have it; counted so far that it is known whether they are few.
  let links: Int

  /// How many links are few: to look at all of them costs less than to walk through a list.
  ///
  /// Of a million links, a tag that more have is met so often that a page of them is soon found.
  static let few = 20_000
}

/// The tags that a list asks for, as far as they exist.
typealias ListedTags = [TagName: ListedTag]

extension TagFilter {
  /// What a list is read for: a page is read in its order, all of it in any.
  enum Reading { case page, count }

  /// Holds for links that have the tags.
  ///
  /// How the links of a page are found is decided here and not by PostgreSQL, which doesn't know how soon a
  /// page of links in the list's order is full.
  func condition(_ tags: ListedTags, for reading: Reading) -> SQL {
    let found = names.compactMap { tags[$0] }
    let ids = found.map(\.id)
    switch mode {
    case .any:
      guard !found.isEmpty else { return "FALSE" }
      let areFew = found.allSatisfy { $0.links <= ListedTag.few / names.count }
      return areFew ? Self.isAmongThose(with: ids) : Self.has(anyOf: ids, for: reading)
    case .all:
      guard found.count == names.count, let rarest = found.min(by: { $0.links < $1.links })
      else { return "FALSE" }
      let all = Self.has(allOf: ids)
      guard rarest.links <= ListedTag.few / names.count else { return all }
      return .all([Self.isAmongThose(with: [rarest.id])] + (ids.count > 1 ? [all] : []))
    }
  }

  /// Holds for links that don't have the tags: none of them, or not all of them.
  func exclusion(_ tags: ListedTags, for reading: Reading) -> SQL {
    let ids = names.compactMap { tags[$0]?.id }
    switch mode {
    case .any: return ids.isEmpty ? "TRUE" : "NOT \(Self.has(anyOf: ids, for: reading))"
    case .all: return ids.count < names.count ? "TRUE" : "NOT (\(Self.has(allOf: ids)))"
    }
  }

  /// Leads from the tags to the links.
  private static func isAmongThose(with ids: [Int64]) -> SQL {
    "snowflake_id = ANY(ARRAY(SELECT link FROM short_url_tags WHERE tag = ANY(\(ids))))"
  }

  private static func has(anyOf ids: [Int64], for reading: Reading) -> SQL {
    // By OFFSET 0 no other way is possible than to look at one link after the other.
    let fence: SQL = reading == .page ? "OFFSET 0" : ""
    return """
      EXISTS (
        SELECT FROM short_url_tags WHERE link = snowflake_id AND tag = ANY(\(ids)) \(fence))
      """
  }

  private static func has(allOf ids: [Int64]) -> SQL {
    """
    (SELECT count(*) FROM short_url_tags WHERE link = snowflake_id AND tag = ANY(\(ids)))
      = \(ids.count)
    """
  }
}

extension ShortURLTable {
  /// The tags of a tenant that a list asks for.
  func listedTags(
    _ filter: ShortURLFilter, tenant: Int
  ) throws(TableError) -> ListedTags {
    let wanted = filter.tags.names.map(\.description)
    let names = wanted + filter.excludedTags.names.map(\.description)
    guard !names.isEmpty else { return [:] }
    let rows = try connection.executeOnce(
      """
      SELECT name, id, CASE WHEN name = ANY(\(wanted)) THEN (
        SELECT count(*) FROM (
          SELECT FROM short_url_tags WHERE tag = id
          LIMIT \(ListedTag.few / max(wanted.count, 1) + 1)
        ) AS few) ELSE 0 END
      FROM tags WHERE tenant = \(tenant) AND name = ANY(\(names))
      """, "look for tags", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in
      (
        TagName(try row.text()),
        ListedTag(id: try row.integer(), links: Int(try row.integer()))
      )
    }
    return Dictionary(rows.compactMap { name, tag in name.map { ($0, tag) } }) { one, _ in one }
  }
}
