import Foundation

/// What the bench asks for: how long a change takes to the last worker that sees it.
enum ChangeMeasurement {
  private struct Times: Encodable {
    let p50, p99, max: Double

    init(_ seconds: [Double]) {
      let sorted = seconds.sorted()
      func rank(_ share: Double) -> Double {
        let milliseconds = sorted[Int(share * Double(sorted.count - 1))] * 1000
        return (milliseconds * 10).rounded() / 10
      }
      (p50, p99, max) = (rank(0.5), rank(0.99), rank(1))
    }
  }

  private struct Result: Encodable {
    let changes: Int
    let places: Int
    let answers: Int
    /// To the first right answer of the last worker, of one host and of both.
    let one, two: Times
    /// To the last request of both that got an old answer.
    let old: Times
    let requestsPerSecond: Int
  }

  /// Changes a link so often under load, and prints what came of it as JSON.
  static func run(changes: Int) throws {
    try TwoHosts.start()
    defer { do { try TwoHosts.stop() } catch { say("\(error)") } }
    var observed = try Observation(bound: 1, pressure: 8, every: 0.005)
    let began = PinnedConnection.now
    for number in 1...changes {
      try observed.link.change(.edit)
      try observed.settle("after change \(number)")
    }
    let seconds = PinnedConnection.now - began
    observed.asker.stop()
    let answers = observed.asker.all
    let places = observed.asker.places
    let first = zip(places, answers).filter { $0.0.name.hasPrefix("host 1") }.map(\.1)
    let (one, two) = (
      Sightings(of: observed.link.changes, in: first),
      Sightings(of: observed.link.changes, in: answers)
    )
    guard two.sightings.allSatisfy({ $0.seen != nil }) else {
      throw DrillError("a place has not seen a change")
    }
    let count = answers.reduce(0) { $0 + $1.count }
    let result = Result(
      changes: changes, places: places.count, answers: count, one: Times(one.seenSeconds),
      two: Times(two.seenSeconds), old: Times(two.staleSeconds),
      requestsPerSecond: Int(Double(count) / seconds))
    say(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }
}
