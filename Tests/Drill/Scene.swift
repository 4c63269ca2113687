import Foundation
import TestSupport

/// What a drill's harm may use, and what it says of itself.
struct Scene {
  var faults: Faults
  let oracle: Oracle
  let links: Links
  let witness: Witness
  /// What it goes across, if it does.
  var seam: Seam?
  /// Why the drill has not shown what it should, whatever became of the clicks.
  var complaints: [String] = []
  /// At how many points of a click's way a process was killed.
  var pointsReached = 0
  /// Further remarks for the report.
  var notes: [String] = []
  /// When the power was cut: clicks of the moments before may be gone.
  var powerCuts: [Date] = []

  /// How long what is frozen, cut off or slow stays so: HARM_SECONDS, 20 by default.
  static var harmSeconds: Double {
    ProcessInfo.processInfo.environment["HARM_SECONDS"].flatMap(Double.init) ?? 20
  }

  func pause(_ seconds: Double) { faults.pause(seconds) }

  /// The links that the workers know.
  var codes: [String] { links.warm }

  /// Waits until the logs tell of something, for some seconds at most.
  func await(_ sign: Witness.Sign, seconds: Double) {
    _ = eventually(seconds: seconds) { witness.count(of: sign) > 0 }
  }

  /// Does harm that must come to pass, or the drill has shown nothing.
  mutating func reach(_ point: String, _ harm: (inout Faults) throws -> Bool) rethrows {
    if try harm(&faults) {
      pointsReached += 1
    } else {
      complaints.append("not reached: \(point)")
    }
    // supervisord waits a second before it takes a new process for running.
    pause(1.2)
  }

  /// Kills a component at each of these system calls, one of the next `limit` of its kind.
  mutating func kill(_ component: Component, at points: [String], upTo limit: Int) throws {
    for calls in points {
      let count = Int.random(in: 1...limit, using: &faults.random)
      try reach("\(component) at \(calls)") { faults in
        try faults.kill(component, at: calls, count: count)
      }
    }
  }
}
