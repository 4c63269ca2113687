import API
import Access
import EngineSupport
import Foundation
import Links
import Management
import Postgres
import Service
import Sessions
import TestSupport
import XCTest

/// Units while their connections are cut at any moment.
///
/// Each has one row in the outbox or none, and what was answered is true.
final class UnitChaosTests: XCTestCase {
  private static let units = 60

  func testEveryAnswerIsTrueWhileConnectionsAreCutAtAnyMoment() throws {
    let postgres = try ProxiedPostgres()
    let stored = StoredLinks(try postgres.database.session(), postgres.settings)
    let keys = try (0..<Self.units).map { LinkKey(try XCTUnwrap(Slug("c\($0)"))) }
    let destination = DestinationURL(unchecked: "http://e.org/")
    let links = keys.enumerated().map { number, key in
      Link(
        id: SnowflakeID(rawValue: Int64(number + 1)), key: key, destination: destination,
        createdAt: 0)
    }
    XCTAssertEqual(try stored.insert(links), .inserted)
    let through = StoredLinks(postgres.session(), postgres.settings)
    var random = SplitMix64(seed: 14)
    var answers: [LinkKey: Answer] = [:]
    for key in keys {
      // The connection stands, and the circuit breaker has no pause.
      XCTAssertTrue(eventually(seconds: 60) { (try? through.find(key)) != nil })
      let isCut = cut(
        postgres.proxy, afterMicroseconds: UInt32.random(in: 0...12_000, using: &random),
        losingAnswers: Bool.random(using: &random))
      answers[key] = answer { try through.disable(key) }
      XCTAssertEqual(isCut.wait(timeout: .now() + 30), .success)
    }
    // What the server is still about to end, it ends now.
    try postgres.database.terminateSessions()
    let rows = try postgres.database.admin().executeOnce(
      """
      SELECT short_code, disabled_at IS NOT NULL,
        (SELECT count(*) FROM outbox WHERE link = snowflake_id) FROM short_urls
      """, "look", timeoutMilliseconds: 20_000
    ).map { row throws(PostgresError) in
      (try row.text(), try row.bool(), try row.integer())
    }
    for (code, isDisabled, announcements) in rows {
      let answer = answers[LinkKey(try XCTUnwrap(Slug(code)))]
      XCTAssertEqual(announcements, isDisabled ? 1 : 0, code)
      if answer != .inDoubt { XCTAssertEqual(isDisabled, answer == .made, "\(code)") }
    }
    let counts = Dictionary(grouping: answers.values) { $0 }.mapValues(\.count)
    XCTAssertGreaterThan(counts[.made] ?? 0, 0, "\(counts)")
  }

  /// Cuts all connections a little later, maybe after answers were lost; signals when that is done.
  private func cut(
    _ proxy: FaultProxy, afterMicroseconds pause: UInt32, losingAnswers: Bool
  ) -> DispatchSemaphore {
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      usleep(pause)
      if losingAnswers {
        proxy.mode = .loseAnswers
        usleep(2000)
      }
      proxy.cut()
      proxy.mode = .pass
      // A connection that was opened meanwhile has lost an answer for ever.
      if losingAnswers { proxy.cut() }
      isDone.signal()
    }
    return isDone
  }

  private func answer(_ disable: () throws -> ShortURL?) -> Answer {
    do {
      return try disable() == nil ? .notMade : .made
    } catch ManagementFailure.inDoubt {
      return .inDoubt
    } catch {
      return .notMade
    }
  }

  private enum Answer {
    case made
    case notMade
    case inDoubt
  }
}
