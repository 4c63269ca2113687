import Foundation
import XCTest

/// Random histories of a few processes that compete for very few numbers: no id is ever made twice.
///
/// Meanwhile clocks step, machines sleep, answers are lost, stores lose their memory and processes
/// die.
///
/// SEED names the first history, HISTORIES how many there are.
final class LeaseHistoryTests: XCTestCase {
  func testNoHistoryMakesAnIDTwice() {
    let given = ProcessInfo.processInfo.environment
    let base = given["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    let count = given["HISTORIES"].flatMap { UInt64($0) } ?? 300
    for offset in 0..<count { assertNoIDIsMadeTwice(seed: base &+ offset) }
  }

  /// Histories that made ids twice: the primary lost its last grant, and soon gave the number again.
  func testANumberWhoseGrantTheStoreForgotIsNotGivenAgainAtOnce() {
    for seed: UInt64 in [5_942_801_057_595_393_339, 581, 3241, 9949, 19_993] {
      assertNoIDIsMadeTwice(seed: seed)
    }
  }

  func testTheHistoriesMeetWhatTheyAreMeantToMeet() {
    var met = LeaseHistory.Met()
    for seed in 0..<100 {
      var history = LeaseHistory(seed: UInt64(seed))
      history.run(steps: 400)
      met.add(history.met)
    }
    XCTAssertGreaterThan(met.ids, 100_000)
    for (name, count) in met.counts { XCTAssertGreaterThan(count, 20, name) }
  }

  private func assertNoIDIsMadeTwice(seed: UInt64) {
    var history = LeaseHistory(seed: seed)
    history.run(steps: 400)
    XCTAssertEqual(history.doubles, 0, "seed \(seed)")
  }
}
