import API
import Access
import Analytics
import ArgumentParser

/// `swiftlet analytics`: the answer of `GET /rest/v3/analytics` as tables.
struct AnalyticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analytics", abstract: "Add up clicks over time, by day and by referrer.",
    discussion: """
      Without CODE, --tag, --domain and --orphans all clicks are added up; several of them are compared, six \
      at most. Clicks are those of people, unless --bots is there. Exits with 1 if there is no such link, tag \
      or domain.
      """)

  @Argument(help: "Short codes of links.")
  var codes: [String] = []

  @Option(help: "The clicks of the links with this tag. It may be repeated.")
  var tag: [String] = []

  @Option(
    help: "The clicks of the links in this domain, or CODE's domain; DEFAULT is the default one.")
  var domain: [String] = []

  @Option(
    help: "Clicks without a link: all, invalid_short_url, base_url or regular_404.")
  var orphans: [String] = []

  @Option(help: "24h, 7d, 30d, 90d, 1y, mtd, qtd, ytd or all. (default: 24h)")
  var interval: String?

  @Option(help: "The first moment: a date of the zone, or a time such as 2026-01-31T12:00:00Z.")
  var start: String?

  @Option(help: "The first moment behind the range. (default: now)")
  var end: String?

  @Option(help: "The zone of all days, such as Europe/Berlin. (default: UTC)")
  var timezone: String?

  @Flag(help: "Show the parts of the range as well.")
  var series = false

  @Option(help: "How long they are: 15m, hour, day, week or month. (default: by the range)")
  var bucket: String?

  @Flag(help: "Show the hosts that most clicks came from.")
  var referrers = false

  @Option(help: "How many hosts are shown.")
  var limit: Int = 10

  @Flag(help: "Count the clicks of programs as well.")
  var bots = false

  @Flag(help: "Show the range before, which is as long, as well.")
  var previous = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let operation = GetAnalytics()
      let question = try options.read { operation.input(from: &$0) }
      let report = try operation.perform(
        question, for: .operator, in: Installation().analytics())
      output.print(
        json: report.write,
        text: {
          report.tables.map { Table(rows: $0).text }.joined(separator: "\n\n")
        })
    }
  }

  private var options: QueryOptions {
    var options = QueryOptions()
    options.add("shortCode", "CODE", codes)
    options.add("domain", "--domain", domain)
    options.add("tag", "--tag", tag)
    options.add("orphan", "--orphans", orphans)
    options.add("interval", "--interval", interval)
    options.add("start", "--start", start)
    options.add("end", "--end", end)
    options.add("timezone", "--timezone", timezone)
    options.add("series", "--series", series || bucket != nil ? "true" : nil)
    options.add("bucket", "--bucket", bucket)
    options.add("breakdowns", "--referrers", referrers ? "referrer" : nil)
    options.add("limit", "--limit", "\(limit)")
    options.add("excludeBots", "--bots", bots ? "false" : nil)
    options.add("compare", "--previous", previous ? "previous" : nil)
    return options
  }
}
