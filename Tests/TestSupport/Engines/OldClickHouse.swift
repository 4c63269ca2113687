import Foundation

/// ClickHouse as the release before `visits` left it: clicks and counts by short code.
///
/// Its tables are made by that release's migrations, its rows by plain SQL through a gate as that
/// release's consumer had it: no code of today's programs writes any of them.
package struct OldClickHouse: Sendable {
  package struct Refused: Error, CustomStringConvertible {
    package let description: String
  }

  /// The bits of a gate's `targets`.
  package struct Targets: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let links = Targets(rawValue: 1)
    package static let days = Targets(rawValue: 2)
    package static let referrers = Targets(rawValue: 4)
    package static let journals = Targets(rawValue: 8)
    package static let clicks = Targets(rawValue: 16)
    package static let counts: Targets = [.links, .days, .referrers, .journals]
  }

  /// That release's last migration of ClickHouse.
  package static let lastMigration = 3

  private let url: String
  /// The name of the gate that rows are stored through.
  package let gate: String

  /// - Parameters:
  ///   - url: A stack's `CLICKHOUSE_URL`.
  ///   - gate: Its number; a gate with a greater one has been made since.
  package init(at url: String, gate: Int = 1) {
    self.url = url
    self.gate = "clicks_gate_\(gate)_4711"
  }

  /// Copies the migrations up to some number of each engine into a folder; all of an engine that
  /// isn't named.
  package static func copyMigrations(
    to folder: String, until last: [String: Int] = ["clickhouse": lastMigration]
  ) throws {
    for engine in ["postgres", "clickhouse"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(engine)", withIntermediateDirectories: true)
      let files = Repository.url("migrations/" + engine).path
      for name in try FileManager.default.contentsOfDirectory(atPath: files)
      where Int(name.prefix(4)) ?? .max <= last[engine] ?? .max && name.hasSuffix(".sql") {
        try FileManager.default.copyItem(
          atPath: "\(files)/\(name)", toPath: "\(folder)/\(engine)/\(name)")
      }
    }
  }

  // MARK: - The gate

  /// Makes the gate and its views.
  package func openGate() throws {
    try makeGate()
    for view in viewCreations { try run(view) }
  }

  /// Makes the gate alone.
  package func makeGate() throws {
    let columns = """
      short_code String, timestamp DateTime('UTC'), ip_address String, user_agent String,
      referrer String, event_id FixedString(16), retried UInt8, journal UInt64,
      journal_offset UInt64, batch UInt64, ingest_day Date, targets UInt8
      """
    try run("CREATE TABLE IF NOT EXISTS \(gate) (\(columns)) ENGINE = Null")
  }

  /// The statements that make the views; each leads to a table of that release.
  package var viewCreations: [String] {
    Self.views.map { table, target, selection, end in
      """
      CREATE MATERIALIZED VIEW IF NOT EXISTS \(gate)_to_\(table) TO \(table) AS
      SELECT \(selection) FROM \(gate) WHERE bitAnd(targets, \(target.rawValue)) != 0 \(end)
      """
    }
  }

  private static let views: [(table: String, target: Targets, selection: String, end: String)] = [
    (
      "clicks", .clicks,
      "short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, journal, "
        + "journal_offset, batch, ingest_day", ""
    ),
    (
      "clicks_by_link", .links,
      "short_code, sumState(toUInt64(short_code != '')) AS clicks, uniqState(ip_address) AS "
        + "visitors, maxState(timestamp) AS last_clicked, maxState(batch) AS last_batch",
      "GROUP BY short_code"
    ),
    (
      "clicks_by_day", .days,
      "short_code, toDate(timestamp, 'UTC') AS day, sumState(toUInt64(short_code != '')) AS clicks, "
        + "maxState(batch) AS last_batch", "GROUP BY short_code, day"
    ),
    (
      "clicks_by_referrer", .referrers,
      "short_code, referrer, sumState(toUInt64(short_code != '')) AS clicks, maxState(batch) AS "
        + "last_batch", "AND (referrer != '' OR short_code = '') GROUP BY short_code, referrer"
    ),
    (
      "click_journals", .journals,
      "journal, maxState(journal_offset) AS stored, maxState(batch) AS last_batch",
      "GROUP BY journal"
    ),
  ]

  // MARK: - Clicks

  /// Stores clicks as that release's consumer did: the clicks first, then their counts.
  ///
  /// - Parameters:
  ///   - clicks: Of any number of batches.
  ///   - counts: The counts that get them; without some of them the consumer has died in between.
  /// - Throws: When they are refused.
  package func store(_ clicks: [OldClick], counts: Targets = .counts) throws {
    try insert(clicks.map { $0.row(.clicks) })
    try count(clicks, by: counts)
  }

  /// Lets counts have clicks that are stored, with the mark of each journal.
  package func count(_ clicks: [OldClick], by counts: Targets) throws {
    guard !counts.isEmpty else { return }
    var marks: [String: OldClick] = [:]
    for click in clicks {
      let place = "\(click.journal) \(click.batch)"
      if marks[place].map({ $0.end < click.end }) ?? true { marks[place] = click }
    }
    try insert(clicks.map { $0.row(counts) } + marks.values.map { $0.mark(counts) })
  }

  private func insert(_ rows: [String]) throws {
    try run("INSERT INTO \(gate) FORMAT TabSeparated\n" + rows.joined(separator: "\n") + "\n")
  }

  /// Runs a statement that must not be refused.
  ///
  /// - Returns: Its answer in TabSeparated.
  @discardableResult
  package func run(_ statement: String) throws -> String {
    let file = "/tmp/swiftlet-statement-\(UUID().uuidString)"
    defer { unlink(file) }
    try statement.write(toFile: file, atomically: false, encoding: .utf8)
    let answer = try ClickHouseClient.send(file: file, to: url)
    guard !answer.contains("DB::Exception"), !answer.hasPrefix("curl:") else {
      throw Refused(description: String(answer.prefix(1000)))
    }
    return answer
  }
}
