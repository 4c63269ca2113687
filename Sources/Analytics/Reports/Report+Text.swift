import Text

extension Report {
  /// The report for a terminal, as rows of columns with a title each.
  package var tables: [[[String]]] {
    var tables = [totals]
    for item in items {
      let title = item.scope.title
      if let series = item.part.series {
        tables.append(
          [["FROM", "CLICKS OF \(title)", "BOTS"]]
            + series.map { [zone.text(of: $0.start)] + Self.columns($0.counts) })
      }
      if let referrers = item.referrers { tables.append(referrers.table(title)) }
    }
    return tables
  }

  private var totals: [[String]] {
    var rows = [["CLICKS OF", "FROM", "TO", "CLICKS", "BOTS", "VISITORS", "LAST"]]
    for item in items {
      rows.append([item.scope.title] + columns(item.part.total, range))
      if let previous = item.previous, let previousRange {
        rows.append(["  before"] + columns(previous.total, previousRange))
      }
    }
    return rows
  }

  private func columns(_ counts: ReportCounts, _ range: TimeRange) -> [String] {
    [zone.text(of: range.start), zone.text(of: range.end)] + Self.columns(counts)
      + [counts.visitors.map { "\($0)" } ?? "?", counts.last.map(zone.text(of:)) ?? "never"]
  }

  fileprivate static func columns(_ counts: ReportCounts) -> [String] {
    ["\(counts.clicks)", "\(counts.bots)"]
  }
}

extension ReferrerCounts {
  fileprivate func table(_ title: String) -> [[String]] {
    [["REFERRER OF \(title)", "CLICKS", "BOTS"]]
      + rows.map { [$0.host] + Report.columns($0.counts) }
      + [["(direct)"] + Report.columns(direct), ["(other)"] + Report.columns(other)]
  }
}

extension ReportScope {
  /// What it is called on a terminal.
  fileprivate var title: String {
    switch self {
    case .all: "all links"
    case .link(let slug, let domain): "link \(slug)" + (domain.map { " in \($0)" } ?? "")
    case .tag(let name): "tag \(name)"
    case .domain(let name): "domain \(name)"
    case .orphan(let word): "no link (\(word.rawValue))"
    }
  }
}
