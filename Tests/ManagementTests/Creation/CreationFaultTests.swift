import API
import EngineSupport
import Foundation
import Management
import Postgres
import Sessions
import TestSupport
import XCTest

/// Links that many make at once, and whose makers lose their connection.
final class CreationFaultTests: XCTestCase {
  func testOfFiftyWhoWantOneNameExactlyOneGetsIt() throws {
    let database = try ScratchPostgres()
    let dsn = database.dsn
    let outcomes = try Crowd.run(50) { number -> String in
      let domain = number % 2 == 0 ? "" : #","domain":"go.example""#
      do {
        return try CreationScene(dsn: dsn).make(
          #"{"longUrl":"https://example.org/\#(number)","customSlug":"wanted","tags":["t"]\#(domain)}"#
        ).shortURL
      } catch ManagementFailure.nameTaken {
        return "taken"
      }
    }
    XCTAssertEqual(
      outcomes.compactMap(\.self).filter { $0 != "taken" }.sorted(),
      ["https://go.example/wanted", "https://sho.rt/wanted"])
    XCTAssertEqual(outcomes.compactMap(\.self).count, 50)
  }

  func testNoAnswerThatIsLostMakesASecondLink() throws {
    let postgres = try ProxiedPostgres()
    let session = postgres.session()
    let scene = try CreationScene(postgres.database, through: session)
    var random = SplitMix64(seed: 15)
    var answers: [String?] = []
    for number in 0..<40 {
      XCTAssertTrue(
        eventually(seconds: 60) {
          (try? session.read("look") { connection throws(TableError) in connection.isUsable })
            == true
        })
      let isCut = DispatchSemaphore(value: 0)
      let pause = UInt32.random(in: 0...15_000, using: &random)
      let losesAnswers = Bool.random(using: &random)
      Thread.detachNewThread { [proxy = postgres.proxy] in
        usleep(pause)
        if losesAnswers {
          proxy.mode = .loseAnswers
          usleep(2000)
        }
        proxy.cut()
        proxy.mode = .pass
        if losesAnswers { proxy.cut() }
        isCut.signal()
      }
      do {
        answers.append(
          try scene.make(
            #"{"longUrl":"https://example.org/\#(number)","tags":["t"],"maxVisits":3}"#
          )
          .shortCode)
      } catch ManagementFailure.inDoubt {
        answers.append(nil)
      } catch {
        answers.append("")
      }
      XCTAssertEqual(isCut.wait(timeout: .now() + 30), .success)
    }
    // What the server is still about to end, it ends now.
    try postgres.database.terminateSessions()
    for (number, answer) in answers.enumerated() {
      let codes = try scene.texts(
        """
        SELECT concat_ws(' ', short_code, (SELECT count(*) FROM outbox WHERE link = snowflake_id),
          (SELECT count(*) FROM short_url_tags WHERE link = snowflake_id),
          (SELECT allowed FROM visit_budgets WHERE link = snowflake_id))
        FROM short_urls WHERE original_url = \("https://example.org/\(number)")
        """)
      switch answer {
      case nil: XCTAssertLessThanOrEqual(codes.count, 1)
      case "": XCTAssertEqual(codes, [])
      case let code?: XCTAssertEqual(codes, ["\(code) 1 1 3"])
      }
    }
    XCTAssertTrue(answers.contains { $0?.isEmpty == false })
  }
}
