import API
import EngineSupport
import Foundation
import Links
import Management
import Service
import Sessions
import Synchronization
import TestSupport
import XCTest

/// Several writers change the same links at once: each change is made, and none is without its row in the
/// outbox.
final class ConcurrentChangeTests: XCTestCase {
  private static let writers = 6
  private static let rounds = 60

  private final class Counts: Sendable {
    let changed = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
  }

  func testChangesOfTheSameLinksInAnyOrderAllSucceed() throws {
    let keys = try (0..<8).map { LinkKey(try XCTUnwrap(Slug("c\($0)"))) }
    let links = try ChangedLinks(
      inserting: keys.enumerated().map { number, key in
        Link(
          id: SnowflakeID(rawValue: Int64(number + 1)), key: key,
          destination: DestinationURL(unchecked: "http://e.org/"), createdAt: 0)
      })
    let settings = try links.database.settings(["PG_WRITE_TIMEOUT_MS": "60000"])
    let counts = Counts()
    let group = DispatchGroup()
    for writer in 0..<Self.writers {
      DispatchQueue.global().async(group: group) {
        let session = PostgresSession(
          settings, as: .owner, program: "test", timeoutMilliseconds: 60_000, log: .quiet)
        Self.write(as: writer, keys, StoredLinks(session, settings), counts)
      }
    }
    XCTAssertEqual(group.wait(timeout: .now() + 240), .success)
    XCTAssertEqual(counts.failed.load(ordering: .relaxed), 0)
    XCTAssertEqual(try links.outbox().count, counts.changed.load(ordering: .relaxed))
    // Each writer's last change led all links to a URL of its own.
    for key in keys {
      let url = try links.store.find(key)?.destination.description ?? ""
      XCTAssertTrue(url.hasPrefix("http://e.org/") && url.count > 13, url)
    }
  }

  /// Changes some links in an order of its own, and at the end all of them.
  private static func write(
    as writer: Int, _ keys: [LinkKey], _ store: StoredLinks, _ counts: Counts
  ) {
    var random = SplitMix64(seed: UInt64(writer))
    let url = DestinationURL(unchecked: "http://e.org/\(writer)")
    for round in 0...rounds {
      let shuffled = keys.shuffled(using: &random)
      let named = round == rounds ? shuffled : Array(shuffled.prefix(5))
      for key in named {
        do {
          let edited = try store.edit(key) { edition in
            switch round == rounds ? 0 : round % 3 {
            case 0: edition.longURL = .set(url)
            case 1: edition.isEnabled = .set(false)
            default: edition.isEnabled = .set(true)
            }
          }
          counts.changed.add(edited == nil ? 0 : 1, ordering: .relaxed)
          // A row that another writer has just changed must not be passed over.
          counts.failed.add(edited == nil ? 1 : 0, ordering: .relaxed)
        } catch {
          counts.failed.add(1, ordering: .relaxed)
          print(error)
        }
      }
    }
  }
}
