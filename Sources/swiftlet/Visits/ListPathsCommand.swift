import API
import Access
import Analytics
import ArgumentParser

/// `swiftlet visits paths`: the paths at which visits met no link, as a table.
struct ListPathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paths",
    abstract: "List the paths at which visits met no link, those with the most visits first.")

  @Option(help: "Only visits in this domain; DEFAULT is the default one.")
  var domain: String?

  @Option(help: "invalid_short_url, base_url or regular_404 alone.")
  var type: String?

  @Option(help: "Only visits at this time or later; a date means all of that day.")
  var start: String?

  @Option(help: "Only visits at this time or before; a date means all of that day.")
  var end: String?

  @Flag(help: "Leave out the visits of programs.")
  var noBots = false

  @Option(help: "The page's number. (default: 1)")
  var page: Int?

  @Option(help: "How many paths a page has, 1000 at most. (default: 20)")
  var limit: Int?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      var options = QueryOptions()
      options.add("domain", "--domain", domain)
      options.add("type", "--type", type)
      options.add("startDate", "--start", start)
      options.add("endDate", "--end", end)
      options.add("excludeBots", "--no-bots", noBots ? "true" : nil)
      options.add("page", "--page", page.map(String.init))
      options.add("itemsPerPage", "--limit", limit.map(String.init))
      let operation = ListOrphanPaths()
      let list = try operation.perform(
        try options.read { operation.input(from: &$0) }, for: .operator,
        in: Installation().analytics())
      output.print(json: list.write, text: { Table(rows: list.table).text + "\n" + list.line })
    }
  }
}
