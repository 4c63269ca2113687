import API
import Access
import Analytics
import ArgumentParser

/// `swiftlet visits`: lists visits and counts them.
struct VisitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visits", abstract: "List visits, count them, and delete them.",
    subcommands: [
      ListVisitsCommand.self, ListPathsCommand.self, CountVisitsCommand.self,
      DeleteVisitsCommand.self,
    ])
}

/// `swiftlet visits count`: the answer of `GET /rest/v3/visits`.
struct CountVisitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "Count all visits, those of people and of programs apart.")

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let stores = try Installation().analytics()
      let totals = try CountVisits().perform(NoInput(), for: .operator, in: stores)
      output.print(json: totals.write, text: { totals.table })
    }
  }
}

extension VisitTotals {
  fileprivate var table: String {
    var table = Table("VISITS", "ALL", "PEOPLE", "BOTS")
    for (name, count) in [("of links", ofLinks), ("without a link", orphans)] {
      table.add(name, "\(count.total)", "\(count.total - count.bots)", "\(count.bots)")
    }
    return table.text
  }
}
