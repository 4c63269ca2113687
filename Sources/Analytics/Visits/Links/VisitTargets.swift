import Links

/// Where some links led, by their revisions, and the names of domains.
struct VisitTargets: Equatable {
  /// One state of one link.
  struct Key: Hashable {
    let link: Int64
    let revision: Int

    init(link: Int64, revision: Int) {
      self.link = link
      self.revision = revision
    }

    init(_ row: VisitRow) {
      self.init(link: Int64(clamping: row.link), revision: row.revision)
    }
  }

  /// Where a link led in one state.
  struct Target: Equatable {
    let key: Key
    let url: String
    let rules: RedirectRules?
  }

  private var targets: [Key: Target] = [:]
  /// Links at their first revision: nobody has edited them since revisions are counted.
  private var unedited: [Int64: Target] = [:]
  /// Authorities by number.
  var domains: [Int: String] = [:]

  /// Adds what links are now.
  mutating func add(present others: [Target]) {
    add(others)
    for target in others where target.key.revision == 1 { unedited[target.key.link] = target }
  }

  mutating func add(_ others: [Target]) {
    for target in others { targets[target.key] = target }
  }

  func lacks(_ key: Key) -> Bool { targets[key] == nil }

  /// Where a visitor was sent; nil when that isn't known.
  func url(of row: VisitRow) -> String? {
    let key = Key(row)
    // A click that tells no revision.
    let target = key.revision == 0 ? unedited[key.link] : targets[key]
    guard let target else { return nil }
    guard row.rule > 0 else { return target.url }
    guard let rules = target.rules?.rules, row.rule <= rules.count else { return nil }
    return rules[row.rule - 1].destination.description
  }
}
