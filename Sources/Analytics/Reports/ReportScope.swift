import API
import Access
import Links
import Sessions

/// Which clicks a report is of, as somebody names them.
enum ReportScope: Equatable, Sendable {
  case all
  /// The domain is as given; nil for the default one.
  case link(Slug, domain: String?)
  case tag(String)
  case domain(String)
  case orphan(OrphanWord)

  /// How many a request may have.
  static let limit = 6

  /// Clicks without a link: all of them, or those of one type.
  enum OrphanWord: String, CaseIterable, Sendable {
    case all
    case invalidShortURL = "invalid_short_url"
    case baseURL = "base_url"
    case regular404 = "regular_404"

    var types: [OrphanType] { OrphanType(rawValue: rawValue).map { [$0] } ?? OrphanType.allCases }
  }

  private enum Kind: String, CaseIterable, Sendable {
    case all
    case shortUrl
    case tag
    case domain
    case orphan
  }

  /// Reads all scopes of a request.
  static func scopes(from reader: inout InputReader) -> [ReportScope] {
    let codes = reader.parameters(
      "shortCode", .slug, atMost: limit,
      "The clicks of this link. Scopes may be repeated to compare them, \(limit) at most together.")
    let domains = reader.parameters(
      "domain", .string(atMost: AskedDomain.limit, sample: AskedDomain.defaultWord), atMost: limit,
      """
      The clicks of all links in this domain; `\(AskedDomain.defaultWord)` is the default one. Beside \
      `shortCode` the domain of that link: one for all of them, or one for each in the same order.
      """)
    let tags = reader.parameters(
      "tag", .string(atMost: 255, sample: "news"), atMost: limit,
      "The clicks of all links with this tag.")
    let orphans = reader.parameters(
      "orphan", .word(sample: OrphanWord.all), atMost: limit, "Clicks that met no link.")
    if domains.count > 1, !codes.isEmpty, domains.count != codes.count {
      reader.refuse("domain", "must be there once, or as often as shortCode")
    }
    let links = codes.enumerated().map { index, code in
      let domain = domains.count > 1 ? domains.dropFirst(index).first : domains.first
      return ReportScope.link(code, domain: domain)
    }
    let scopes =
      (codes.isEmpty ? domains.map(ReportScope.domain) : links) + tags.map(ReportScope.tag)
      + orphans.map(ReportScope.orphan)
    if scopes.count > limit {
      reader.refuse(
        tags.isEmpty ? "orphan" : "tag", "makes more than \(limit) scopes of one request")
    }
    return scopes.isEmpty ? [.all] : scopes
  }

  func write(to writer: inout FieldWriter) {
    var parts: (kind: Kind, code: String?, domain: String?, tag: String?, orphan: OrphanWord?) =
      (.all, nil, nil, nil, nil)
    switch self {
    case .all: break
    case .link(let slug, let domain): parts = (.shortUrl, slug.description, domain, nil, nil)
    case .tag(let name): parts = (.tag, nil, nil, name, nil)
    case .domain(let name): parts = (.domain, nil, name, nil, nil)
    case .orphan(let word): parts = (.orphan, nil, nil, nil, word)
    }
    writer.field("kind", parts.kind, .word(sample: .shortUrl), "What it is.")
    writer.nullable("shortCode", parts.code, .text(sample: "1LDUVEdRXYk"), "The link.")
    writer.nullable("domain", parts.domain, .text(sample: ""), "The domain as it was asked for.")
    writer.nullable("tag", parts.tag, .text(sample: ""), "The tag.")
    writer.nullable("orphan", parts.orphan, .word(sample: .all), "The type without a link.")
  }
}

/// The clicks of a scope that are there for a caller.
extension VisitLists {
  func set(of scope: ReportScope, for caller: Caller) throws(AnalyticsFailure) -> VisitSet {
    switch scope {
    case .all: return try everything(for: caller)
    case .link(let slug, let domain): return .links([try link(slug, in: domain, for: caller)])
    case .tag(let tag): return try set(tagged: tag, in: nil, for: caller)
    case .domain(let domain):
      guard let set = try set(in: domain, for: caller) else { throw .domainNotFound(domain) }
      return set
    case .orphan(let word): return try orphans(word.types, for: caller)
    }
  }
}
