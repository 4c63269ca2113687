import Foundation
import Synchronization
import TestSupport
import XCTest

/// Several threads that do the same at once.
enum Crowd {
  /// - Returns: What each of them got; nil for one that threw.
  static func run<Result: Sendable>(
    _ count: Int, _ body: @Sendable @escaping (Int) throws -> Result
  ) throws -> [Result?] {
    let results = Mutex([Result?](repeating: nil, count: count))
    let group = DispatchGroup()
    for number in 0..<count {
      group.enter()
      Thread.detachNewThread {
        let result = try? body(number)
        results.withLock { $0[number] = result }
        group.leave()
      }
    }
    XCTAssertEqual(group.wait(timeout: .now() + 240), .success)
    return results.withLock { $0 }
  }
}
