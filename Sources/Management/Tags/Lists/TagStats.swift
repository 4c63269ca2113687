package import API

/// A tag with its links and their visits.
package struct TagStats: JSONObjectAnswer, Equatable {
  package let name: String
  package let links: Int
  package let visits: Int
  package let botVisits: Int

  package static let schemaName = "TagStats"
  package static let summary = "A tag, and what is counted for its links."
  package static let sample = TagStats(
    name: TagName.sample.description, links: 3, visits: 12, botVisits: 2)

  package func write(to writer: inout FieldWriter) {
    writer.field("tag", name, .string(atMost: TagName.limit, sample: ""), "Its name.")
    writer.field("shortUrlsCount", links, .count(sample: 3), "How many links have it.")
    writer.object("visitsSummary", "The visits of these links, some seconds late.") { writer in
      writer.field("total", visits, .count(sample: 12), "All visits.")
      writer.field("nonBots", visits - botVisits, .count(sample: 10), "Those by people.")
      writer.field("bots", botVisits, .count(sample: 2), "Those by bots.")
    }
  }
}
