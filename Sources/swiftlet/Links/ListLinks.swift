import API
import Access
import ArgumentParser
import Management
import Text

/// `swiftlet link list`: `ListShortURLs` as a table.
struct ListLinks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the links, the newest first.",
    discussion: """
      The last line says how many there are and how the list goes on. Deleted links are in no list.
      """)

  @Option(
    help: """
      Only links with this text in their URL, title or short code. A text without three letters or digits \
      in a row is looked for at the beginning of short codes.
      """)
  var search: String?

  @Option(
    help: """
      longUrl, shortCode, dateCreated, title, visits or nonBotVisits, with -ASC or -DESC. \
      (default: dateCreated-DESC)
      """)
  var order: String?

  @Option(help: "The page's number; pages reach to row 10000. (default: 1)")
  var page: Int?

  @Option(help: "Go on where a page with this cursor ended, with the same filters and --order.")
  var cursor: String?

  @Option(
    parsing: .unconditional,
    help: "How many links a page has, 1000 at most; -1: as many as that. (default: 10)")
  var limit: Int?

  @OptionGroup var filters: LinkFilters
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = ListShortURLs()
      let filter = try filter(by: operation)
      let list = try Installation().withStores { stores in
        try operation.perform(filter, for: .operator, in: stores)
      }
      output.print(json: list.write, text: { list.table + "\n" + list.pagination.line("links") })
    }
  }

  /// The options as the parameters that they stand for.
  private func filter(by operation: ListShortURLs) throws -> ShortURLFilter {
    var options = QueryOptions()
    options.add("searchTerm", "--search", search)
    options.add("orderBy", "--order", order)
    options.add("page", "--page", page.map(String.init))
    options.add("cursor", "--cursor", cursor)
    options.add("itemsPerPage", "--limit", limit.map(String.init))
    filters.add(to: &options)
    return try options.read { operation.input(from: &$0) }
  }
}

extension ShortURLList {
  fileprivate var table: String {
    var table = Table("CREATED", "STATE", "SHORT URL", "TITLE", "LONG URL")
    for link in links {
      table.add(
        RFC3339.string(seconds: link.createdAt / 1000), link.isEnabled ? "enabled" : "disabled",
        link.shortURL, link.title ?? "", link.longURL)
    }
    return table.text
  }
}
