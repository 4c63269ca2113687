/// What a link was, one state after the other, and which of its states each answer shows.
struct EditHistory: Sendable {
  struct State: Sendable {
    let revision: UInt32
    let destination: String
    /// Just before the edit's commit, in seconds since 1970; nil for the present state.
    let endedAt: Double?
  }

  struct Answer: Sendable {
    let id: String
    let location: String
    let sent: Double
    let received: Double
  }

  /// What the harm does to edits: until when old answers are right.
  enum Delay: Sendable {
    /// Nothing: an edit is seen within the bound after its commit.
    case none
    /// It harms PostgreSQL. A commit may take long, so it counts from when the editor was told.
    case commit
    /// It harms Redis, which carries announcements, or Redis is late for a worker. Then workers may go by
    /// memory, and an edit is seen within the bound after the harm.
    case announcement
  }

  /// Seconds.
  static let bound = 1.0
  /// An answer that took longer may be a retry worker's, which may have seen another state.
  private static let retrySeconds = 0.7

  let states: [State]
  /// When an edit was told to be done, by its destination.
  let told: [String: Double]
  let answers: [Answer]

  /// The edits that were made.
  var edits: Int { states.filter { told[$0.destination] != nil }.count }

  /// Looks for answers that tell of a state from before an edit.
  ///
  /// - Parameters:
  ///   - delay: What the harm does.
  ///   - harm: From when to when it lasted.
  /// - Returns: The most seconds from an edit to such an answer's request, and what is wrong.
  func ages(_ delay: Delay, harm: ClosedRange<Double>) -> (longest: Double, faults: [String]) {
    var (longest, faults) = (0.0, [String]())
    for answer in answers {
      guard let place = states.lastIndex(where: { $0.destination == answer.location }) else {
        faults.append("an edited link led to \(answer.location)")
        continue
      }
      guard let end = end(of: place, delay, harm), answer.sent > end else { continue }
      longest = max(longest, answer.sent - end)
      let isExcused =
        delay == .announcement
        && (harm.lowerBound...harm.upperBound + Self.bound).contains(answer.sent)
      if answer.sent > end + Self.bound, !isExcused {
        let milliseconds = Int((answer.sent - end) * 1000)
        faults.append("\(answer.location) \(milliseconds) ms after another edit")
      }
    }
    return (longest, faults)
  }

  /// When a state ended, as far as anybody could know; nil for the present one.
  private func end(of place: Int, _ delay: Delay, _ harm: ClosedRange<Double>) -> Double? {
    guard let end = states[place].endedAt, place + 1 < states.count else { return nil }
    guard delay == .commit else { return end }
    return told[states[place + 1].destination] ?? max(end, harm.upperBound)
  }

  /// What the click of each answer may tell.
  func leds(link: UInt64, domain: UInt32) -> [String: Led] {
    var leds: [String: Led] = [:]
    for answer in answers {
      guard let place = states.lastIndex(where: { $0.destination == answer.location }) else {
        continue
      }
      var possible = [states[place]]
      // Of two workers that were asked for it either may have recorded it.
      for (number, state) in states.enumerated() where abs(number - place) == 1 {
        let edit = states[min(number, place)].endedAt ?? .infinity
        let isNear = (answer.sent - Self.bound...answer.received).contains(edit)
        if isNear || answer.received - answer.sent > Self.retrySeconds { possible.append(state) }
      }
      leds[answer.id] = Led(
        link: link,
        states: Set(possible.map { .init(domain: domain, revision: $0.revision) }))
    }
    return leds
  }
}
