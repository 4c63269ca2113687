import API
import Access
import EngineSupport
import Foundation
import JSON
import Management
import Migrations
import Postgres
import Sessions
import TestSupport
import Web

/// A database of many links, and lists of them.
final class ListScene {
  let database: ScratchPostgres
  /// The door that lists take.
  private var patient: Units?

  /// Of the links every 50th is deleted and every third has a title.
  init(_ count: Int) throws {
    // The indexes are built over the links: that is sooner done than with each link.
    let directory = try Self.migrationsBeforeLists()
    database = try ScratchPostgres(migrations: directory.path)
    try run(
      """
      INSERT INTO short_urls
        (snowflake_id, short_code, original_url, created_at, deleted_at, title)
      SELECT 384036974793916416 + 4194304 * n, 'S' || substr(md5(n::text), 1, 10),
        'https://' || substr(md5('host' || n % 100), 1, 8) || '.example.com/' || md5('url' || n)
          || '?campaign=' || n % 97 || '&content=' || repeat('newsletter-', 8),
        timestamptz '2024-01-01' + n * interval '7 minutes',
        CASE WHEN n % 50 = 0 THEN now() END,
        CASE WHEN n % 3 = 0 THEN 'Page ' || substr(md5('title' || n), 1, 8) || ' number ' || n END
      FROM generate_series(1, \(count)) AS n
      """)
    try Migrator(
      postgres: PostgresMigrations(database.settings()), others: [],
      directory: ScratchPostgres.migrations
    ).migrate { _ in }
    // Else the count reads rows that no vacuum has seen.
    try run("VACUUM ANALYZE short_urls")
  }

  private static func migrationsBeforeLists() throws -> ScratchDirectory {
    let directory = try ScratchDirectory("before-lists")
    _ = try directory.make("postgres")
    let shipped = ScratchPostgres.migrations + "/postgres"
    for name in try FileManager.default.contentsOfDirectory(atPath: shipped) where name < "0007" {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/\(name)", toPath: directory("postgres/\(name)"))
    }
    return directory
  }

  /// The door to its links.
  func units(_ settings: [String: String]) throws -> Units {
    Units(
      try database.session(settings), try RedisSession(database.settings(), log: .quiet),
      try database.settings(settings))
  }

  /// One door for all lists, which waits as long as a busy machine needs.
  private func patientDoor() throws -> Units {
    let door =
      try patient ?? units(["PG_WRITE_TIMEOUT_MS": "60000", "PG_READ_TIMEOUT_MS": "60000"])
    patient = door
    return door
  }

  func run(_ statement: SQL) throws {
    _ = try database.admin().executeOnce(statement, "prepare", timeoutMilliseconds: 600_000)
  }

  // MARK: Lists

  /// The list that a query asks for.
  func filter(_ query: String) throws -> ShortURLFilter {
    var query = query
    var reader = query.withUTF8 {
      InputReader(
        path: [:], query: QueryString($0), members: JSONObject(), .none)
    }
    let filter = ShortURLFilter(from: &reader)
    try reader.finish()
    return filter
  }

  func list(_ query: String, for caller: Caller = .operator) throws -> ShortURLList {
    try list(filter(query), for: caller)
  }

  func list(_ filter: ShortURLFilter, for caller: Caller = .operator) throws -> ShortURLList {
    try patientDoor().read("list", for: caller) { unit throws(TableError) in
      try unit.shortURLs.list(filter, for: caller)
    }
  }

  /// The statement for the page of a list, and that for its count.
  func statements(
    _ query: String, for caller: Caller = .operator
  ) throws -> (page: SQL, count: SQL) {
    let filter = try filter(query)
    let view = try patientDoor().read("view", for: caller) {
      unit throws(TableError) in try unit.shortURLs.view(of: filter, for: caller)
    }
    return (filter.rows(ShortURLTable.columns, view), filter.count(view))
  }

  // MARK: Plans

  /// The plan of a statement with what each step of it did.
  func plan(_ statement: SQL) throws -> Plan {
    let text = try database.admin().executeOnce(
      "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) \(statement)", "explain",
      timeoutMilliseconds: 120_000
    ).one { row throws(PostgresError) in try row.text() }
    let json = try JSONValue(parsing: Array(text.utf8), maximumDepth: 64)
    return Plan(json.array?.first?.object?["Plan"]?.object ?? JSONObject())
  }

  /// A step of a plan, with those below it.
  struct Plan {
    let kind: String
    let table: String?
    let index: String?
    /// Whether it was done at all.
    let isDone: Bool
    /// How many rows it gave, and how many it read and didn't give.
    let rows: Int
    let removed: Int
    let inputs: [Plan]

    init(_ node: JSONObject) {
      func number(_ key: String) -> Int {
        guard case .number(let digits) = node[key] else { return 0 }
        return Int(Double(digits) ?? 0)
      }
      kind = node["Node Type"]?.string ?? ""
      table = node["Relation Name"]?.string
      let loops = number("Actual Loops")
      isDone = loops > 0
      index = node["Index Name"]?.string
      rows = number("Actual Rows") * loops
      removed = (number("Rows Removed by Filter") + number("Rows Removed by Index Recheck")) * loops
      inputs = (node["Plans"]?.array ?? []).compactMap(\.object).map(Plan.init)
    }

    /// All steps that were done.
    var steps: [Plan] { (isDone ? [self] : []) + inputs.flatMap(\.steps) }
    /// Whether a table that grows with the links was read from end to end.
    var readsAll: Bool {
      steps.contains { $0.kind == "Seq Scan" && Self.large.contains($0.table ?? "") }
    }
    private static let large = ["short_urls", "short_url_tags", "link_visits"]
    var indexes: [String] { steps.compactMap(\.index) }
    /// How many rows of the table were read.
    var rowsRead: Int {
      steps.filter { $0.kind.hasSuffix("Scan") && $0.kind != "Bitmap Index Scan" }
        .reduce(0) { $0 + $1.rows + $1.removed }
    }
    /// How many rows of links were read from the table itself, and not from an index alone.
    var linksRead: Int {
      steps.filter { $0.table == "short_urls" && $0.kind != "Index Only Scan" }
        .reduce(0) { $0 + $1.rows + $1.removed }
    }
    /// How many rows were sorted.
    var rowsSorted: Int {
      steps.filter { $0.kind.hasSuffix("Sort") }.flatMap(\.inputs).reduce(0) { $0 + $1.rows }
    }
  }
}
