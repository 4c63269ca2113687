import Access
import EngineSupport
import Foundation
import Links
import Management
import Postgres
import Sessions
import TestSupport
import XCTest

/// A unit whose connection is lost at any of its steps: it happens once, with one row in the outbox, and what
/// is answered is true.
final class UnitFaultTests: XCTestCase {
  private func assertDone(
    _ result: Result<ShortURL?, ManagementFailure>, _ scene: UnitScene, runs: Int,
    hadDoubt: Bool = false, line: UInt = #line
  ) throws {
    XCTAssertEqual(try result.get()?.isEnabled, false, line: line)
    XCTAssertEqual(scene.runs, runs, line: line)
    // A run that was settled as not committed has left its id, so that it can't be committed any more.
    let ids = hadDoubt ? runs : 1
    XCTAssertEqual(try scene.stored(), "t 1 \(ids)", line: line)
  }

  private func error(
    of result: Result<ShortURL?, ManagementFailure>, isInDoubt: Bool, line: UInt = #line
  ) -> StoreError? {
    switch result {
    case .failure(.unavailable(let error)) where !isInDoubt: return error
    case .failure(.inDoubt(let error)) where isInDoubt: return error
    default:
      XCTFail("\(result)", line: line)
      return nil
    }
  }

  func testAConnectionThatIsLostBeforeTheChangeOrAfterItCostsASecondRun() throws {
    for isBefore in [true, false] {
      let scene = try UnitScene()
      let cut = { (run: Int) in if run == 1 { scene.postgres.proxy.cut() } }
      let edited = isBefore ? try scene.disable(before: cut) : try scene.disable(after: cut)
      try assertDone(.success(edited), scene, runs: 2)
    }
  }

  func testAConnectionThatIsLostWhileTheIdIsEnteredCostsASecondRun() throws {
    let scene = try UnitScene()
    try scene.plantLingering(UnitScene.whileEntering)
    let result = try scene.disable { lock, proxy in
      proxy.cut()
      // The second run waits for the row until the server has noticed the loss.
      _ = lock.isWaitedFor("transactionid")
      lock.release()
    }
    try assertDone(result, scene, runs: 2)
  }

  func testACommitThatIsUnderWayIsWaitedForAndStands() throws {
    let scene = try UnitScene()
    try scene.plantLingering(UnitScene.atCommit)
    let result = try scene.disable { lock, proxy in
      proxy.cut()
      XCTAssertTrue(lock.isWaitedFor("transactionid"), "the id was not entered again")
      lock.release()
    }
    try assertDone(result, scene, runs: 1)
  }

  /// Ends the wait while the proxy loses what the mode says, then cuts the connection.
  private static func release(
    _ lock: AdvisoryLock, by proxy: FaultProxy, _ mode: FaultProxy.Mode
  ) {
    let before = proxy.harm
    proxy.mode = mode
    lock.release()
    XCTAssertTrue(eventually(seconds: 30) { proxy.harm > before })
    proxy.mode = .pass
    proxy.cut()
  }

  func testACommitWhoseAnswerIsLostStands() throws {
    let scene = try UnitScene()
    try scene.plantLingering(UnitScene.atCommit)
    let result = try scene.disable { lock, proxy in
      Self.release(lock, by: proxy, .loseAnswers)
    }
    try assertDone(result, scene, runs: 1)
  }

  func testACommitThatNeverReachedTheServerIsMadeAgain() throws {
    let scene = try UnitScene()
    // Entering the id is the last statement before the commit: it waits, and then only its answer passes.
    try scene.plantLingering(UnitScene.whileEntering)
    let result = try scene.disable { lock, proxy in
      Self.release(lock, by: proxy, .loseRequests)
    }
    try assertDone(result, scene, runs: 2, hadDoubt: true)
  }

  func testACommitWhoseSessionTheServerEndsIsMadeAgain() throws {
    let scene = try UnitScene()
    try scene.plantLingering(UnitScene.atCommit)
    nonisolated(unsafe) let ending = scene.postgres.database
    let result = try scene.disable { lock, _ in
      XCTAssertNotNil(try? ending.terminateSessions())
      lock.release()
    }
    try assertDone(result, scene, runs: 2, hadDoubt: true)
  }

  func testADoubtThatCanNotBeSettledIsSaid() throws {
    let scene = try UnitScene()
    try scene.plantLingering(UnitScene.atCommit)
    let result = try scene.disable { lock, proxy in
      let before = proxy.harm
      proxy.mode = .refuse
      proxy.cut()
      XCTAssertTrue(eventually(seconds: 30) { proxy.harm > before }, "nobody asked again")
    }
    XCTAssertEqual(error(of: result, isInDoubt: true)?.kind, .unavailable)
    // It was under way; the lock is released with its session.
    XCTAssertTrue(eventually(seconds: 30) { (try? scene.stored()) == "t 1 1" })
  }

  func testACommitThatIsUnderWayForTooLongLeavesADoubt() throws {
    let scene = try UnitScene(timeoutMilliseconds: 2000, endsStatements: false)
    try scene.plantLingering(UnitScene.atCommit)
    let result = try scene.disable { lock, _ in
      XCTAssertTrue(lock.isWaitedFor("transactionid"), "the id was not entered again")
      // Until that has waited too long as well.
      XCTAssertTrue(eventually(seconds: 30) { !lock.isWaitedForNow("transactionid") })
      lock.release()
    }
    XCTAssertEqual(error(of: result, isInDoubt: true)?.kind, .timeout)
    XCTAssertTrue(eventually(seconds: 30) { (try? scene.stored()) == "t 1 1" })
  }

  func testALinkThatSomebodyElseHoldsIsNotChangedAndTheConnectionStays() throws {
    let scene = try UnitScene(timeoutMilliseconds: 3000)
    let other = try scene.postgres.database.admin()
    try other.executeScript(
      unsafe: "BEGIN; SELECT FROM short_urls FOR UPDATE", "hold", timeoutMilliseconds: 20_000)
    let result = Result { () throws(ManagementFailure) in try scene.disable() }
    XCTAssertEqual(error(of: result, isInDoubt: false)?.kind, .timeout)
    XCTAssertEqual(try scene.stored(), "f 0 0")
    try other.executeScript(unsafe: "ROLLBACK", "release", timeoutMilliseconds: 20_000)
    // At once: a row that is held is no failure of PostgreSQL, after which nothing is asked for a while.
    XCTAssertEqual(try scene.disable()?.isEnabled, false)
    XCTAssertEqual(try scene.stored(), "t 1 1")
  }

  func testACommitThatTheServerRefusesIsNoDoubtAndNotTriedAgain() throws {
    let scene = try UnitScene()
    try scene.admin.executeScript(
      unsafe: """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE check_violation;
        END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION refuse();
        """, "plant", timeoutMilliseconds: 20_000)
    let result = Result { () throws(ManagementFailure) in try scene.disable() }
    XCTAssertEqual(error(of: result, isInDoubt: false)?.kind, .rejected)
    XCTAssertEqual(scene.runs, 1)
    XCTAssertEqual(try scene.stored(), "f 0 0")
  }

  func testAUnitThatChangesNothingEntersNoId() throws {
    let scene = try UnitScene()
    let found = try scene.units.perform("look", for: .operator) { unit throws(TableError) in
      try unit.shortURLs.find(scene.link.key)
    }
    XCTAssertNotNil(found)
    XCTAssertEqual(try scene.stored(), "f 0 0")
  }
}
