import Foundation
import TestSupport

/// Clicks of a drill's links that the release before has stored, the last batch of them by half.
struct OldClicks {
  static let count = 20_000
  /// The days that they came in on, and their batches: a carry goes day by day.
  private static let days = 40
  private static let batchSize = 250
  private static let referrers = [
    "", "https://a.example/", "https://b.example/?q=1", "HTTP://Old.Example:8080/x",
    "android-app://old/",
  ]

  /// A link that none but these clicks are of, and none of the last batch.
  let quiet: String
  /// All codes, `quiet` among them, and names that no link has.
  let codes: [String]
  let names: [String]
  /// Batch by batch.
  private(set) var whole: [OldClick] = []
  /// The last batch.
  private(set) var last: [OldClick] = []
  /// What the last batch was made from: it will be delivered again, and more behind it.
  private(set) var journal = PlantedJournal()
  let journalName = PlantedJournal.name()

  private let links: Links
  private let now = Int(Date().timeIntervalSince1970)

  init(of links: Links) {
    self.links = links
    let cold = (0..<8).map { $0 } + (Links.coldCount - 10..<Links.coldCount).map { $0 }
    quiet = "\(links.prefix)c\(Links.coldCount - 1)"
    names = (0..<5).map { "\(links.prefix)gone\($0)" }
    codes = links.warm + cold.compactMap(links.cold) + names
    let batches = Self.count / Self.batchSize
    for batch in 1..<batches {
      let name = PlantedJournal.name()
      for place in 1...Self.batchSize { whole.append(click(batch, name, end: 200 * place)) }
    }
    for _ in 0..<Self.batchSize {
      var click = click(batches, journalName, end: 0)
      append(click)
      click.end = journal.end
      last.append(click)
    }
  }

  /// Appends clicks behind those of the last batch that nobody has stored.
  mutating func appendNew(_ count: Int, to oracle: Oracle) {
    for _ in 0..<count {
      let click = click(Self.count / Self.batchSize, journalName, end: 0)
      append(click)
      Self.tell(oracle, click)
    }
  }

  /// The same click as a line of the journal.
  private mutating func append(_ click: OldClick) {
    journal.add(
      Self.expected(click), id: click.event, isRetried: click.isRetried,
      link: links.warm.contains(click.code) ? nil : links.scope(of: click.code),
      at: Date(timeIntervalSince1970: Double(click.seconds)))
  }

  /// A click of a batch; the batches are spread over the days, the last one came just now.
  private func click(_ batch: Int, _ journal: String, end: Int) -> OldClick {
    let batches = Self.count / Self.batchSize
    let ago = (batches - batch) * Self.days / batches * 86_400
    let choices = batch < batches ? codes : codes.filter { $0 != quiet }
    let number = Int.random(in: 0..<1000)
    return OldClick(
      event: PlantedJournal.event(), code: choices[Int.random(in: 0..<choices.count)],
      seconds: now - ago - 600 - number,
      address: number % 3 == 0 ? "2001:db8::\(number % 90)" : "192.0.2.\(number % 200)",
      agent: "\(links.agent)old.\(number)", referrer: Self.referrers[number % Self.referrers.count],
      isRetried: number % 10 == 0, journal: journal, end: end, batch: batch,
      day: (now - ago) / 86_400)
  }

  static func expected(_ click: OldClick) -> Oracle.Expected {
    Oracle.Expected(
      code: click.code, address: click.address, userAgent: click.agent, referrer: click.referrer)
  }

  static func tell(_ oracle: Oracle, _ click: OldClick) {
    oracle.planted(
      click.event, expected(click), at: Date(timeIntervalSince1970: Double(click.seconds)))
  }

  /// What clicks of a name count for that no link has, by ClickHouse itself.
  func scopesOfNames() throws -> [String: UInt64] {
    var scopes: [String: UInt64] = [:]
    for name in names {
      let half = "bitShiftRight(sipHash64('\(name)'), 1)"
      let rows = try Tables.rows("SELECT bitOr(bitShiftLeft(toUInt64(1), 63), \(half))")
      scopes[name] = rows.first?.first.flatMap { UInt64($0) }
    }
    return scopes
  }
}

extension OldClick {
  /// Another click of the same kind, in a batch and a journal of its own.
  func again(inBatch batch: Int) -> OldClick {
    OldClick(
      event: PlantedJournal.event(), code: code, seconds: seconds, address: address, agent: agent,
      referrer: referrer, journal: PlantedJournal.name(), end: 200, batch: batch, day: day)
  }
}
