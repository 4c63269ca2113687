import Foundation
import TestSupport

/// Some changes of one link while every worker of two hosts is asked for it.
struct Observation {
  let hosts: TwoHosts
  let asker: Asker
  var link: ChangingLink
  /// Seconds after its commit from which a change may not be unseen.
  let bound: Double
  /// When it may all the same, as the handbook says.
  private var excused: [ClosedRange<Double>] = []

  /// Begins: makes a link, and lets every place know it.
  ///
  /// - Parameters:
  ///   - bound: Seconds.
  ///   - pressure: How many connections ask the sites without pause.
  ///   - interval: Seconds between two requests at a place.
  /// - Throws: When a place does not answer.
  init(bound: Double, pressure: Int = 0, every interval: Double = 0.01) throws {
    hosts = try TwoHosts.running()
    self.bound = bound
    link = try ChangingLink()
    asker = try Asker(
      hosts.places() + hosts.pressure(pressure), code: link.code, every: interval)
    try settle("at the beginning")
  }

  /// Waits until every place gives the right answer to what was asked after the last change, but for
  /// some that are not asked.
  func settle(_ moment: String, but resting: Set<Int> = [], seconds: Double = 60) throws {
    let (reply, commit) = (link.reply, link.changes.last?.at ?? 0)
    func isRight(_ answer: Asker.Answer?) -> Bool {
      answer.map { $0.reply == reply && $0.sent > commit } ?? false
    }
    func late() -> [Int] {
      asker.latest.enumerated().filter { !isRight($1) && !resting.contains($0) }.map(\.offset)
    }
    if eventually(seconds: seconds, { late().isEmpty }) { return }
    let told = late().prefix(5).map { number in
      "\(asker.places[number].name): \(asker.latest[number].map { "\($0.reply)" } ?? "-")"
    }
    throw DrillError("\(moment) not \(reply) after \(Int(seconds)) s: \(told)")
  }

  /// Edits the link, and waits until every place gives the new answer.
  mutating func edit(_ moment: String) throws {
    try link.change(.edit)
    try settle(moment)
  }

  /// Edits the link again and again for some seconds, once at least.
  mutating func editRepeatedly(seconds: Double, _ scene: Scene) throws {
    let end = PinnedConnection.now + seconds
    repeat {
      try link.change(.edit)
      scene.pause(min(2, seconds))
    } while PinnedConnection.now < end
  }

  /// Lets stale answers pass that are asked for within a span.
  mutating func excuse(from begin: Double, seconds: Double) {
    excused.append(begin...begin + seconds)
  }

  /// Lets the last change stay unseen until some seconds from now.
  mutating func excuseLastChange(seconds: Double) {
    let (commit, end) = (link.changes.last?.at ?? .infinity, PinnedConnection.now + seconds)
    if commit < end { excused.append(commit...end) }
  }

  /// How long the last change was unseen somewhere, in seconds.
  var staleSeconds: Double {
    Sightings(of: link.changes.suffix(1), in: asker.all).staleSeconds.last ?? 0
  }

  /// Ends it, and tells the scene what came of it.
  mutating func end(_ scene: inout Scene) {
    asker.stop()
    let sightings = Sightings(of: link.changes, in: asker.all)
    scene.notes.append(summary(sightings))
    let late = sightings.sightings.compactMap { sighting -> (Double, Sightings.Sighting)? in
      let commit = link.changes[sighting.change].at
      let last = sighting.stale.last { moment in
        moment > commit + bound && !excused.contains { $0.contains(moment) }
      }
      return last.map { ($0 - commit, sighting) }
    }
    for (seconds, sighting) in late.sorted(by: { $0.0 > $1.0 }).prefix(5) {
      let place = asker.places[sighting.place].name
      scene.complaints.append(
        "\(place): old \(Self.milliseconds(seconds)) after commit \(sighting.change + 1)")
    }
    let asked = zip(asker.places, asker.all).filter { !$1.contains { $0.reply != .nothing } }
    for (place, _) in asked { scene.complaints.append("\(place.name) has told nothing") }
  }

  /// How many answers there were, and how long the slowest place was stale.
  private func summary(_ sightings: Sightings) -> String {
    let stale = sightings.staleSeconds.sorted()
    let middle = stale.isEmpty ? 0 : stale[stale.count / 2]
    return "\(asker.all.reduce(0) { $0 + $1.count }) answers of \(asker.places.count) places, "
      + "\(stale.count) changes, last old answer p50 \(Self.milliseconds(middle)), "
      + "max \(Self.milliseconds(stale.last ?? 0))"
  }

  static func milliseconds(_ seconds: Double) -> String { "\(Int((seconds * 1000).rounded())) ms" }
}
