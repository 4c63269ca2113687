import API
import Access
import Sessions

/// Visits in one domain.
extension VisitLists {
  /// The visits of the links in a domain that are there for a caller.
  ///
  /// - Returns: Nil when the domain isn't there for them.
  func set(in domain: String, for caller: Caller) throws(AnalyticsFailure) -> VisitSet? {
    let asked = AskedDomain.stored(domain, base: base)
    // Everybody may ask for the default one.
    guard caller.domain == nil || caller.domain == asked else {
      return asked.isEmpty ? .links([]) : nil
    }
    let visibility = Visibility(of: caller)
    let number = try reading { () throws(StoreError) in
      try links.domain(asked, of: caller.tenant, visibility)
    }
    guard let number else { return nil }
    // A domain of its own has links of one tenant alone.
    let isWhole = try reading { () throws(StoreError) in
      asked.isEmpty ? try links.isEverything(visibility) : !visibility.isOfAuthor
    }
    if isWhole { return .all(domain: number) }
    let found = try reading { () throws(StoreError) in try links.links(in: asked, for: visibility) }
    // Who sees their own links alone learns nothing of other domains.
    return found.isEmpty && !asked.isEmpty ? nil : try set(of: found)
  }

  /// The visits without a link in a domain that are there for a caller.
  func orphans(
    _ types: [OrphanType], in domain: String, for caller: Caller
  ) throws(AnalyticsFailure) -> VisitSet {
    let set = try orphans(types, for: caller)
    guard case .orphans(let types, let domains) = set, !set.isEmpty else { return set }
    let number = try reading { () throws(StoreError) in
      try links.domain(
        AskedDomain.stored(domain, base: base), of: caller.tenant, Visibility(of: caller))
    }
    return .orphans(
      types, domains: [number].compactMap(\.self).filter { domains?.contains($0) ?? true })
  }
}
