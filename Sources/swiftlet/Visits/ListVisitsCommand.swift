import API
import Access
import Analytics
import ArgumentParser
import Text

/// `swiftlet visits list`: the lists of visits as a table.
struct ListVisitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List visits, the newest first.",
    discussion: """
      Without CODE, --tag, --domain and --orphans the visits of all links are listed. The last line says how \
      many there are and how the list goes on. Exits with 1 if there is no such link, tag or domain.
      """)

  @Argument(help: "The link's short code.")
  var code: String?

  @Option(help: "The visits of the links with this tag.")
  var tag: String?

  @Option(
    help:
      "Only visits in this domain, or the domain of CODE; DEFAULT is the default one."
  )
  var domain: String?

  @Flag(help: "The visits that met no link.")
  var orphans = false

  @Option(help: "With --orphans: invalid_short_url, base_url or regular_404 alone.")
  var type: String?

  @OptionGroup var filter: VisitFilterOptions

  @Option(help: "Go on where a page with this cursor ended, with the same other options.")
  var cursor: String?

  @Option(
    parsing: .unconditional,
    help: "How many visits a page has, 5000 at most; -1: as many as that.")
  var limit = 20

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard [code != nil, tag != nil, orphans].filter(\.self).count <= 1
    else { throw ValidationError("CODE, --tag and --orphans exclude each other") }
    guard type == nil || orphans else { throw ValidationError("--type is for --orphans") }
  }

  func run() throws {
    try Outcome.reporting {
      let list = try list()
      output.print(json: list.write, text: { list.table + "\n" + list.pagination.visitsLine })
    }
  }

  private func list() throws -> VisitList {
    if let code { return try perform(ListLinkVisits(), ["shortCode": code]) }
    if let tag { return try perform(ListTagVisits(), ["tag": tag]) }
    if orphans { return try perform(ListOrphanVisits()) }
    if let domain { return try perform(ListDomainVisits(), ["domain": domain], isInDomain: false) }
    return try perform(ListVisits())
  }

  /// Performs an operation with the options as the parameters that they stand for.
  private func perform<Listing: Operation<AnalyticsStores>>(
    _ operation: Listing, _ path: [String: String] = [:], isInDomain: Bool = true
  ) throws -> VisitList where Listing.Output == VisitList {
    var options = QueryOptions()
    options.add("domain", "--domain", isInDomain ? domain : nil)
    options.add("type", "--type", type)
    filter.add(to: &options)
    options.add("cursor", "--cursor", cursor)
    options.add("itemsPerPage", "--limit", String(limit))
    let input = try options.read(path: path) { operation.input(from: &$0) }
    return try operation.perform(input, for: .operator, in: Installation().analytics())
  }
}

extension VisitList {
  fileprivate var table: String {
    var table = Table("TIME", "VISITED", "LED TO", "BY", "REFERRER", "USER AGENT")
    for visit in visits {
      table.add(
        RFC3339.string(seconds: visit.seconds), visit.visitedURL, visit.redirectURL ?? "",
        visit.isBot ? "bot" : "person", visit.referrer, visit.userAgent)
    }
    return table.text
  }
}

extension Pagination {
  fileprivate var visitsLine: String {
    let next = nextCursor.map { "; go on with --cursor \($0)" } ?? ""
    return "page \(number) of \(pages), \(total) visits" + next
  }
}
