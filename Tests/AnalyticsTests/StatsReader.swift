import EngineSupport
import Foundation
import Links
import Service
import TestSupport
import Visits

@testable import Analytics

/// Reads a link's statistics in a loop on its own thread.
///
/// It compares each answer with the clicks that are stored and those that may be.
///
/// Each count is checked by itself: those of one batch are stored one after the other.
final class StatsReader: @unchecked Sendable {  // The lock is taken around all that changes.
  /// How many clicks a count has at least, and at most.
  struct Bounds {
    var totals: ClosedRange<Int>
    /// Of days and of referrers.
    var others: ClosedRange<Int>
  }

  private let lock = NSLock()
  private var bounds: Bounds
  private var answers = 0
  private var found: [String] = []
  private var isEnding = false
  private let group = DispatchGroup()

  /// Begins to read.
  ///
  /// - Parameters:
  ///   - slug: The link's name.
  ///   - link: Its id.
  ///   - bounds: At the beginning.
  ///   - settings: Where ClickHouse is.
  ///   - isNew: Whether each question is asked as by a new worker, which knows nothing yet.
  init(_ slug: Slug, _ link: SnowflakeID, _ bounds: Bounds, _ settings: Settings, isNew: Bool) {
    self.bounds = bounds
    group.enter()
    Thread { [self] in
      var kept: StatsStore?
      var last = [0, 0, 0]
      while !lock.withLock({ isEnding }) {
        let low = lock.withLock { self.bounds }
        do {
          let store = try kept ?? StatsStore(settings)
          if !isNew { kept = store }
          let counts = Self.counts(try store.stats(for: slug, link: link))
          check(counts, low, after: last)
          last = counts
        } catch {
          note(String(reflecting: error))
        }
      }
      group.leave()
    }.start()
  }

  /// The clicks that an answer has in all, by day, and by referrer.
  private static func counts(_ stats: LinkStats) -> [Int] {
    [
      stats.totalClicks, stats.days.map(\.clicks).reduce(0, +),
      stats.topReferrers.map(\.clicks).reduce(0, +),
    ]
  }

  private func check(_ counts: [Int], _ low: Bounds, after last: [Int]) {
    lock.withLock {
      answers += 1
      let high = bounds
      for (index, count) in counts.enumerated() {
        let (least, most) =
          index == 0
          ? (low.totals.lowerBound, high.totals.upperBound)
          : (low.others.lowerBound, high.others.upperBound)
        if count < max(least, last[index]) || count > most {
          found.append("\(counts) after \(last), \(index): \(least)...\(most)")
        }
      }
    }
  }

  private func note(_ complaint: String) { lock.withLock { found.append(complaint) } }

  /// What was wrong; a sample where that is much.
  var complaints: [String] { lock.withLock { Array(found.prefix(20)) } }

  func move(_ change: (inout Bounds) -> Void) { lock.withLock { change(&bounds) } }

  /// Waits until it has read so many times more, from the beginning.
  func reads(_ count: Int, seconds: Double = 60) -> Bool {
    // One may be under way that began before.
    let target = lock.withLock { answers + found.count } + count + 1
    return eventually(seconds: seconds) { lock.withLock { answers + found.count >= target } }
  }

  func stop() {
    lock.withLock { isEnding = true }
    group.wait()
  }
}
