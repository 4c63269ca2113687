import API
import Access
import Links
package import Service
import Sessions

/// Lists of visits as a caller may read them: which visits, in ClickHouse, and of which links, in
/// PostgreSQL.
package struct VisitLists {
  let store: VisitStore
  let links: VisitedLinks
  /// The beginning of short URLs in the default domain.
  let base: BaseURL

  package init(_ store: VisitStore, _ links: VisitedLinks, base: BaseURL) {
    self.store = store
    self.links = links
    self.base = base
  }

  /// The same, of links that PostgreSQL tells before a moment.
  func answering(by deadline: Int64) -> VisitLists {
    VisitLists(store, links.answering(by: deadline), base: base)
  }

  /// The link of a name, with the domain as it was given.
  func link(
    _ slug: Slug, in domain: String?, for caller: Caller
  ) throws(AnalyticsFailure) -> Int64 {
    let asked = AskedDomain.stored(domain, for: caller, base: base)
    let link = try reading { () throws(StoreError) in
      try links.link(slug, domain: asked, for: Visibility(of: caller))
    }
    guard let link else { throw .linkNotFound(slug, domain: domain) }
    return link
  }

  /// The visits of all links in a caller's sight.
  func everything(for caller: Caller) throws(AnalyticsFailure) -> VisitSet {
    let visibility = Visibility(of: caller)
    let found = try reading { () throws(StoreError) -> [Int64]? in
      try links.isEverything(visibility) ? nil : try links.links(in: nil, for: visibility)
    }
    guard let found else { return .all(domain: nil) }
    return try set(of: found)
  }

  /// The visits of the links with a tag, in one domain or in all.
  func set(
    tagged tag: String, in domain: String?, for caller: Caller
  ) throws(AnalyticsFailure) -> VisitSet {
    let asked = domain.map { AskedDomain.stored($0, base: base) }
    let found = try reading { () throws(StoreError) in
      try links.links(
        tagged: tag.lowercased(), of: caller.tenant, in: asked, for: Visibility(of: caller))
    }
    guard let found else { throw .tagNotFound(tag) }
    return try set(of: found)
  }

  /// A page of a set.
  func list(_ set: VisitSet, _ filter: VisitFilter) throws(AnalyticsFailure) -> VisitList {
    try reading { () throws(StoreError) in
      let part = try store.part(of: set, filter)
      let targets = try links.targets(of: part.rows)
      let passed = filter.page.passed + part.rows.count
      let next = part.hasMore ? part.rows.last?.place.cursor(passed: passed) : nil
      return VisitList(
        visits: part.rows.map { visit($0, targets) },
        pagination: Pagination(
          filter.page, count: part.rows.count, total: part.total,
          nextCursor: next?.text(of: filter.list)))
    }
  }

  /// Deletes the visits of a link, or those without a link.
  func delete(_ set: VisitSet) throws(AnalyticsFailure) -> DeletedVisits {
    try reading { () throws(StoreError) in
      let count = try store.totals(of: set).total
      try store.askForDeletion(of: set.scopes)
      return DeletedVisits(count: count)
    }
  }

  /// Some links as a set.
  ///
  /// - Throws: `tooManyLinks` for more than a set may have.
  func set(of links: [Int64]) throws(AnalyticsFailure) -> VisitSet {
    guard links.count <= VisitSet.linkLimit else { throw .tooManyLinks }
    return .links(links)
  }

  /// The visits without a link that are there for a caller.
  func orphans(
    _ types: [OrphanType], for caller: Caller
  ) throws(AnalyticsFailure) -> VisitSet {
    guard caller.seesOrphanVisits else { return .orphans([], domains: nil) }
    return try reading { () throws(StoreError) in
      .orphans(types, domains: try links.domains(for: Visibility(of: caller)))
    }
  }

  /// Asks a store.
  ///
  /// - Throws: `tooSlow` where the question takes too long, else `unavailable`.
  func reading<Result>(
    _ read: () throws(StoreError) -> Result
  ) throws(AnalyticsFailure) -> Result {
    do throws(StoreError) {
      return try read()
    } catch {
      throw error.kind == .timeout ? .tooSlow(error) : .unavailable(error)
    }
  }

  private func visit(_ row: VisitRow, _ targets: VisitTargets) -> Visit {
    let domain = targets.domains[row.domain].flatMap { $0.isEmpty ? nil : $0 }
    let slash = row.code.hasPrefix("/") ? "" : "/"
    return Visit(
      id: row.place.id, seconds: row.place.seconds, referrer: row.referrer,
      userAgent: row.userAgent, isBot: row.isBot, code: row.code, domain: domain,
      visitedURL: base.beginning(ofLinksIn: domain ?? "") + slash + row.code
        + (row.query.isEmpty ? "" : "?" + row.query),
      redirectURL: targets.url(of: row), type: OrphanType(Scope(rawValue: row.link)))
  }
}
