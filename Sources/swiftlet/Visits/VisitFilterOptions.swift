import ArgumentParser

/// The options that say which visits of a list count, and which page of it is wanted.
struct VisitFilterOptions: ParsableArguments {
  @Option(help: "Only visits at this time or later; a date means all of that day.")
  var start: String?

  @Option(help: "Only visits at this time or before; a date means all of that day.")
  var end: String?

  @Flag(help: "Leave out the visits of programs.")
  var noBots = false

  @Option(help: "The page's number. (default: 1)")
  var page: Int?

  /// Adds them as the parameters that they stand for.
  func add(to options: inout QueryOptions) {
    options.add("startDate", "--start", start)
    options.add("endDate", "--end", end)
    options.add("excludeBots", "--no-bots", noBots ? "true" : nil)
    options.add("page", "--page", page.map(String.init))
  }
}
