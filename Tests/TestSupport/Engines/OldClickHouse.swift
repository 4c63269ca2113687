import Foundation

/// ClickHouse as the release before `visits` left it: clicks and counts by short code.
///
/// Its tables are made by that release's migrations. Its rows are inserted by plain SQL through a
/// gate, as by that release's consumer. No code of today's programs writes any of them.
package struct OldClickHouse: Sendable {
  package struct Refused: Error, CustomStringConvertible {
    package let description: String
  }

  /// That release's last migration of ClickHouse.
  package static let lastMigration = 3

  private let url: String
  /// What rows are stored through.
  private let gate: OldGate

  /// - Parameters:
  ///   - url: A stack's `CLICKHOUSE_URL`.
  ///   - gate: What rows are stored through.
  package init(at url: String, gate: OldGate = OldGate()) {
    self.url = url
    self.gate = gate
  }

  /// Copies the migrations up to some number of each engine into a directory; all of an engine that
  /// isn't named.
  package static func copyMigrations(
    to directory: String, until last: [String: Int] = ["clickhouse": lastMigration]
  ) throws {
    for engine in ["postgres", "clickhouse"] {
      try FileManager.default.createDirectory(
        atPath: "\(directory)/\(engine)", withIntermediateDirectories: true)
      let files = Repository.url("migrations/" + engine).path
      for name in try FileManager.default.contentsOfDirectory(atPath: files)
      where Int(name.prefix(4)) ?? .max <= last[engine] ?? .max && name.hasSuffix(".sql") {
        try FileManager.default.copyItem(
          atPath: "\(files)/\(name)", toPath: "\(directory)/\(engine)/\(name)")
      }
    }
  }

  /// Makes the gate and its views.
  package func openGate() throws {
    try run(gate.creation)
    try makeViews()
  }

  /// Makes the gate, and drops others, as a consumer that takes over.
  package func replace(_ others: [String]) throws {
    try run(gate.creation)
    for drop in OldGate.drops(of: others) { try run(drop) }
  }

  /// Makes the views; each leads to a table of that release.
  package func makeViews() throws {
    for view in gate.viewCreations { try run(view) }
  }

  // MARK: - Clicks

  /// Stores clicks as that release's consumer did: the clicks first, then their counts.
  ///
  /// - Parameters:
  ///   - clicks: Of any number of batches.
  ///   - counts: The counts that get them; without some of them the consumer has died in between.
  /// - Throws: When they are refused.
  package func store(_ clicks: [OldClick], counts: OldGate.Targets = .counts) throws {
    try insert(clicks.map { $0.row(.clicks) })
    try count(clicks, by: counts)
  }

  /// Lets counts have clicks that are stored, with the mark of each journal.
  package func count(_ clicks: [OldClick], by counts: OldGate.Targets) throws {
    guard !counts.isEmpty else { return }
    var marks: [String: OldClick] = [:]
    for click in clicks {
      let place = "\(click.journal) \(click.batch)"
      if marks[place].map({ $0.end < click.end }) ?? true { marks[place] = click }
    }
    try insert(clicks.map { $0.row(counts) } + marks.values.map { $0.mark(counts) })
  }

  private func insert(_ rows: [String]) throws {
    try run("INSERT INTO \(gate.name) FORMAT TabSeparated\n" + rows.joined(separator: "\n") + "\n")
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
