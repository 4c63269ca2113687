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

  @OptionGroup var filter: VisitFilterOptions

  @Option(help: "How many paths a page has, 1000 at most. (default: 20)")
  var limit: Int?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      var options = QueryOptions()
      options.add("domain", "--domain", domain)
      options.add("type", "--type", type)
      filter.add(to: &options)
      options.add("itemsPerPage", "--limit", limit.map(String.init))
      let operation = ListOrphanPaths()
      let list = try operation.perform(
        try options.read { operation.input(from: &$0) }, for: .operator,
        in: Installation().analytics())
      output.print(json: list.write, text: { Table(rows: list.table).text + "\n" + list.line })
    }
  }
}
