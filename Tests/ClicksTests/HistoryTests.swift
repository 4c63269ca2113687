import Clicks
import TestSupport
import XCTest

/// Random histories of the whole click path with everything in it failing, over the real state
/// machines and models of the engines.
final class HistoryTests: XCTestCase {
  func testEveryClickIsStoredOnceWhateverFails() throws {
    var sometimes = History.Sometimes()
    for seed in 0..<150 as Range<UInt64> {
      var history = History(seed: seed)
      for _ in 0..<600 { history.step() }
      history.drain()
      sometimes.add(history)
      let problems = history.problems()
      XCTAssertEqual(problems, [], "seed \(seed)")
      if !problems.isEmpty { return }
    }
    // A history in which nothing happens proves nothing.
    for (name, count) in sometimes.counts { XCTAssertGreaterThan(count, 50, name) }
  }
}
