import Foundation

/// What the answers of all places say of some changes of one link.
struct Sightings {
  /// A change that was committed at a moment, after which the link answers so.
  struct Change {
    let at: Double
    let reply: Reply
  }

  /// One place and one change.
  struct Sighting {
    let place: Int
    let change: Int
    /// When requests were sent, after the commit, that got an answer from before it.
    let stale: [Double]
    /// When the first right answer arrived after which none was stale; nil when none has.
    let seen: Double?
  }

  let changes: [Change]
  let sightings: [Sighting]

  /// - Parameters:
  ///   - all: The changes in their order.
  ///   - answers: Those of each place, in their order.
  init(of all: some Sequence<Change>, in answers: [Asker.Answers]) {
    let changes = Array(all)
    self.changes = changes
    sightings = answers.enumerated().flatMap { place, answers in
      changes.indices.map { number in
        let change = changes[number]
        let end = number + 1 < changes.count ? changes[number + 1].at : .infinity
        // Of a request under way at a commit either answer is right.
        let within = Self.slice(of: answers, from: change.at).prefix { $0.received < end }
          .filter { $0.reply != .nothing }
        let stale = within.filter { $0.reply != change.reply }.map(\.sent)
        let last = stale.last ?? -.infinity
        return Sighting(
          place: place, change: number, stale: stale,
          seen: within.first { $0.reply == change.reply && $0.sent > last }?.received)
      }
    }
  }

  /// For each change the seconds until the last stale answer of any place, by when it was asked for.
  var staleSeconds: [Double] {
    worst { $0.stale.last }.map { max($0, 0) }
  }

  /// For each change the seconds until the last place saw it.
  var seenSeconds: [Double] { worst(\.seen) }

  private func worst(_ moment: (Sighting) -> Double?) -> [Double] {
    var seconds = Array(repeating: 0.0, count: changes.count)
    for sighting in sightings {
      guard let moment = moment(sighting) else { continue }
      seconds[sighting.change] = max(seconds[sighting.change], moment - changes[sighting.change].at)
    }
    return seconds
  }

  /// The answers to what was asked after a moment.
  private static func slice(of answers: Asker.Answers, from moment: Double) -> ArraySlice<
    Asker.Answer
  > {
    var (low, high) = (0, answers.count)
    while low < high {
      let middle = (low + high) / 2
      if answers[middle].sent > moment { high = middle } else { low = middle + 1 }
    }
    return answers[low...]
  }
}
