package import API

/// Visits that met no link, at one path and of one type.
struct OrphanPath: Equatable, Sendable {
  let type: OrphanType
  let path: String
  /// The authority of its domain; nil for the default one.
  let domain: String?
  let visits: Int
  let bots: Int
  /// The second of the last one.
  let last: Int64
}

/// A page of the paths at which visits met no link.
package struct OrphanPathList: JSONObjectAnswer, Equatable {
  let paths: [OrphanPath]
  let pagination: Pagination

  package static let schemaName = "OrphanPaths"
  package static let summary = "A page of the paths, those with the most visits first."
  package static let sample = OrphanPathList(
    paths: [
      OrphanPath(
        type: .regular404, path: "/wp-login.php", domain: nil, visits: 3, bots: 1,
        last: 1_790_000_000)
    ],
    pagination: Pagination(
      Page(limits: OrphanPathQuestion.limits), count: 1, total: 1, nextCursor: nil))

  package func write(to writer: inout FieldWriter) {
    writer.object("paths") { writer in
      writer.list("data", paths, "The paths of this page.") { path, writer in
        writer.field("path", path.path, .text(sample: ""), "The visited path.")
        writer.field("type", path.type, .word(sample: .regular404), "Why it met no link.")
        writer.nullable("domain", path.domain, .text(sample: ""), "Null for the default one.")
        writer.field("visits", path.visits, .count(from: 1, sample: 3), "How many there were.")
        writer.field("bots", path.bots, .count(sample: 1), "How many of them were by programs.")
        writer.field("lastVisit", path.last * 1000, .time, "When the last one was.")
      }
      writer.object("pagination", "Which page this is, and how many paths there are.") { writer in
        pagination.write(to: &writer)
      }
    }
  }

  /// Columns for a terminal, and a row for each path.
  package var table: [[String]] {
    [["PATH", "TYPE", "DOMAIN", "VISITS", "BOTS", "LAST"]]
      + paths.map { path in
        [
          path.path, path.type.rawValue, path.domain ?? "", "\(path.visits)", "\(path.bots)",
          Zone.utc.text(of: path.last),
        ]
      }
  }

  /// Which page it is, for a terminal.
  package var line: String {
    "page \(pagination.number) of \(pagination.pages), \(pagination.total) paths"
  }
}
