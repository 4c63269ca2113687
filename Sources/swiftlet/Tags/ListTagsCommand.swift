import API
import Access
import ArgumentParser
import Management

/// `swiftlet tag list`: `ListTagStats` as a table.
struct ListTagsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tags with their links and visits.")

  @Option(help: "Only tags with this text in their name.")
  var search: String?

  @Option(
    help: "tag, shortUrlsCount, visits or nonBotVisits, with -ASC or -DESC. (default: tag-ASC)")
  var order: String?

  @Option(help: "The page's number; pages reach to row 10000. (default: 1)")
  var page: Int?

  @Option(help: "Go on where a page with this cursor ended, with the same --search and --order.")
  var cursor: String?

  @Option(
    parsing: .unconditional, help: "How many tags a page has, 1000 at most. (default: 1000)")
  var limit: Int?

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = ListTagStats()
      var options = QueryOptions()
      options.add("searchTerm", "--search", search)
      options.add("orderBy", "--order", order)
      options.add("page", "--page", page.map(String.init))
      options.add("cursor", "--cursor", cursor)
      options.add("itemsPerPage", "--limit", limit.map(String.init))
      let listing = try options.read { operation.input(from: &$0) }
      let list = try Installation().withStores { stores in
        try operation.perform(listing, for: tenant.caller(stores), in: stores)
      }
      output.print(
        json: list.write, text: { list.table + "\n" + list.pagination.line("tags") })
    }
  }
}

extension TagStatsList {
  fileprivate var table: String {
    var table = Table("LINKS", "VISITS", "PEOPLE", "TAG")
    for tag in tags {
      table.add("\(tag.links)", "\(tag.visits)", "\(tag.visits - tag.botVisits)", tag.name)
    }
    return table.text
  }
}
