import API
import Access
import Analytics
import ClickHouse
import EngineSupport
import JSON
import Links
import Lookup
import Postgres
import Service
import Web
import XCTest

/// Links in PostgreSQL and visits in ClickHouse, and the lists of them.
final class VisitScene {
  let bench: Workbench
  let database: ScratchPostgres
  private let admin: Postgres.Connection
  let stores: AnalyticsStores

  init(
    _ bench: Workbench, baseURL: String = "https://s.example", _ changes: [String: String] = [:]
  ) throws {
    self.bench = bench
    database = try ScratchPostgres()
    admin = try database.admin()
    let usual = [
      "PG_DSN": database.dsn, "BASE_URL": baseURL, "CLICKHOUSE_READ_TIMEOUT_MS": "20000",
    ]
    let settings = try bench.settings(usual.merging(changes) { $1 })
    let session = try database.session(["PG_READ_TIMEOUT_MS": "20000"].merging(changes) { $1 })
    stores = AnalyticsStores(
      statistics: StatsLookup(stats: try StatsStore(settings), links: .init(session, settings)),
      visits: VisitLists(
        try VisitStore(settings), VisitedLinks(session, settings), base: settings.baseURL),
      reports: try ReportStore(settings))
  }

  /// The id of a link that a test knows by a small number.
  static func link(_ number: Int) -> Int64 { Int64(Scope.firstLink.rawValue) << 20 + Int64(number) }

  // MARK: Making

  /// Makes a link; its code is `link` and its number.
  func make(
    _ number: Int, leadingTo url: String = "https://to.example/", domain: String = "",
    tenant: Int = 0, author: Int? = nil
  ) throws {
    try execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, domain, tenant, author)
      VALUES (\(Self.link(number)), \("link\(number)"), \(url), now(), \(domain), \(tenant)::int4,
        \(author)::int4)
      """)
  }

  func execute(_ statement: Postgres.SQL) throws {
    _ = try admin.executeOnce(statement, "test", timeoutMilliseconds: 20_000)
  }

  /// Stores visits of a link or a scope, and counts them.
  ///
  /// `rows` is a SELECT of `second` and `bot`, and of further columns of `visits`.
  func visit(_ link: Int64, _ rows: ClickHouse.SQL, _ columns: ClickHouse.SQL = "") throws {
    let id: ClickHouse.SQL = "toUInt64(\(link))"
    try bench.client.execute(
      """
      INSERT INTO visits (link, timestamp, weight, event_id, batch, ingest_day, bot \(columns))
      SELECT \(id), toDateTime(second, 'UTC'), toUInt32(1),
        toFixedString(reverse(toString(1000000000000000 + rowNumberInAllBlocks())), 16), toUInt64(1),
        toDate(20000), bot \(columns) FROM (\(rows))
      """)
    try bench.client.execute(
      """
      INSERT INTO link_totals
      SELECT \(id), sumState(toInt64(1)), sumState(toInt64(bot != 0)), uniqState(''),
        minState(toDateTime(second, 'UTC')), maxState(toDateTime(second, 'UTC')),
        maxState(toUInt64(1)) FROM (\(rows))
      """)
  }

  // MARK: Asking

  /// Performs an operation by the query of its request.
  func list<Listing: API.Operation<AnalyticsStores>>(
    _ operation: Listing, _ path: [String: String] = [:], _ query: [(String, String)] = [],
    for caller: Caller = .operator
  ) throws -> Listing.Output {
    var reader = InputReader(
      path: path,
      query: QueryString(query.map { QueryString.Parameter(name: $0, value: $1) }),
      members: JSONObject(), .none)
    let input = operation.input(from: &reader)
    try reader.finish()
    return try operation.perform(input, for: caller, in: stores)
  }

  func visits(
    of number: Int, _ query: [(String, String)] = [], for caller: Caller = .operator
  ) throws -> VisitList {
    try list(ListLinkVisits(), ["shortCode": "link\(number)"], query, for: caller)
  }

  /// All visits of a list by its cursors.
  func walk(_ size: Int, _ page: ([(String, String)]) throws -> VisitList) throws -> [Visit] {
    var query = [("itemsPerPage", "\(size)")]
    var found: [Visit] = []
    while true {
      let list = try page(query)
      found += list.visits
      guard let next = list.pagination.nextCursor else { return found }
      query = [("itemsPerPage", "\(size)"), ("cursor", next)]
    }
  }
}

extension Caller {
  /// The holder of a key.
  static func holder(
    of id: Int = 1, tenant: Int = 0, authoredOnly: Bool = false, domain: String? = nil,
    seesOrphans: Bool = true
  ) -> Caller {
    .key(
      Key(
        id: id, tenant: tenant,
        rights: KeyRights(
          isAuthoredOnly: authoredOnly, domain: domain, hasNoOrphanVisits: !seesOrphans)))
  }
}
