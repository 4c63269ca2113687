package import API

/// How many visits there are, with links and without.
package struct VisitTotals: JSONObjectAnswer, Equatable {
  package struct Count: Equatable, Sendable {
    package var total: Int
    package var bots: Int

    package init(total: Int = 0, bots: Int = 0) {
      self.total = total
      self.bots = bots
    }
  }

  package let ofLinks: Count
  package let orphans: Count

  package static let schemaName = "VisitTotals"
  package static let summary = "The counts."
  package static let sample = VisitTotals(
    ofLinks: Count(total: 3, bots: 1), orphans: Count(total: 1, bots: 1))

  package func write(to writer: inout FieldWriter) {
    writer.object("visits") { writer in
      for (name, count, summary) in [
        ("nonOrphanVisits", ofLinks, "Visits of links."),
        ("orphanVisits", orphans, "Visits that met no link."),
      ] {
        writer.object(name, summary) { writer in
          writer.field("total", count.total, .count(sample: 3), "All of them.")
          writer.field("nonBots", count.total - count.bots, .count(sample: 2), "Those of people.")
          writer.field("bots", count.bots, .count(sample: 1), "Those of programs.")
        }
      }
    }
  }
}
