import Foundation
import Glibc
import Metrics
import Postgres
import TestSupport
import XCTest

/// What the dispatcher does when Redis fails, and when it brings old values back.
final class DispatcherRedisTests: XCTestCase {
  func testAChangeThatWasMadeWhileRedisWasDownIsAnnouncedWhenItIsBack() throws {
    let bench = try DispatcherBench()
    try bench.remember("down")
    try bench.redis.command("SAVE")
    let dispatcher = try bench.startTold()
    bench.redis.kill()
    try bench.change("down")
    try bench.wait("failed") { bench.count(.announcementFailures) > 0 }
    XCTAssertEqual(try bench.rows("due_at = '-infinity'"), 1)
    try bench.redis.start()
    try bench.waitUntilForgotten("down")
    bench.stop(dispatcher)
  }

  func testAChangeThatWasMadeWhileRedisWasFrozenIsAnnouncedWhenItGoesOn() throws {
    let bench = try DispatcherBench()
    try bench.remember("frozen")
    let dispatcher = try bench.startTold()
    bench.redis.freeze()
    try bench.change("frozen")
    try bench.wait("failed") { bench.count(.announcementFailures) > 1 }
    XCTAssertEqual(try bench.rows("due_at = '-infinity'"), 1)
    bench.redis.thaw()
    try bench.waitUntilForgotten("frozen")
    // It is the same one, and has forgotten nothing.
    XCTAssertEqual(bench.count(.reannouncedChanges), 0)
    bench.stop(dispatcher)
  }

  func testAValueThatAnOlderDumpBringsBackGoesAgain() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startActive()
    try bench.remember("dumped")
    try bench.redis.command("SAVE")
    try bench.change("dumped")
    try bench.waitUntilForgotten("dumped")
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.execute("UPDATE outbox SET due_at = NULL")
    try bench.waitUntilTold()
    // Else the value would be gone before it can be seen.
    dispatcher.signal(SIGSTOP)
    bench.redis.kill()
    try bench.redis.start()
    try bench.wait("there again") { try bench.isRemembered("dumped") }
    dispatcher.signal(SIGCONT)
    try bench.waitUntilForgotten("dumped")
    try bench.waitUntilTold()
    bench.stop(dispatcher)
  }

  func testARedisThatAnswersAndRefusesIsNamedOnceInTheLogWithItsCause() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startTold()
    try bench.redis.command("ACL", "SETUSER", "default", "-publish")
    try bench.remember("refused")
    try bench.change("refused")
    try bench.wait("failed") { bench.count(.announcementFailures) > 3 }
    XCTAssertEqual(try bench.rows("due_at = '-infinity'"), 1)
    try bench.redis.command("ACL", "SETUSER", "default", "+publish")
    try bench.waitUntilForgotten("refused")
    try bench.wait("said") { bench.log().contains("told of changes of links again") }
    let lines = bench.log().split(separator: "\n").filter {
      $0.contains("can't be told") && $0.contains("warning")
    }
    XCTAssertEqual(lines.count, 1, bench.log())
    XCTAssertTrue(lines.first?.contains("publish") ?? false, bench.log())
    bench.stop(dispatcher)
  }

  func testAFlushedRedisIsToldOfTheNextChange() throws {
    let bench = try DispatcherBench()
    let dispatcher = try bench.startActive()
    try bench.change("flushed")
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.waitUntilTold()
    try bench.redis.command("FLUSHALL")
    try bench.remember("next")
    try bench.change("next")
    try bench.waitUntilForgotten("next")
    bench.stop(dispatcher)
  }

  func testAReplicaThatTakesOverWithoutTheLastSecondIsToldAll() throws {
    let pair = try RedisPair()
    let bench = try DispatcherBench(["REDIS_URL": pair.url])
    try bench.remember("lost", in: pair.primary)
    try bench.wait("replicated") { try bench.isRemembered("lost", in: pair.replica) }
    let dispatcher = try bench.startTold(pair.primary)
    // It lacks all from here on.
    try pair.replica.command("REPLICAOF", "NO", "ONE")
    try bench.change("lost")
    try bench.waitUntilForgotten("lost", in: pair.primary)
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 1 }
    try bench.execute("UPDATE outbox SET due_at = NULL")
    XCTAssertTrue(try bench.isRemembered("lost", in: pair.replica))
    try pair.failOver()
    try bench.waitUntilForgotten("lost", in: pair.replica)
    try bench.waitUntilTold(pair.replica)
    bench.stop(dispatcher)
  }

  func testAPrimaryThatBecomesAReplicaUnderAStandingConnectionIsLeft() throws {
    let pair = try RedisPair()
    let bench = try DispatcherBench(["REDIS_URL": pair.url])
    let dispatcher = try bench.startTold(pair.primary)
    try pair.replica.command("REPLICAOF", "NO", "ONE")
    try pair.pointToReplica()
    try pair.demotePrimary()
    try bench.remember("moved", in: pair.replica)
    try bench.change("moved")
    try bench.waitUntilForgotten("moved", in: pair.replica)
    bench.stop(dispatcher)
  }

  func testARedisThatComesBackIsToldWhatAnotherOneWasToldMeanwhile() throws {
    let pair = try RedisPair()
    let bench = try DispatcherBench(["REDIS_URL": pair.url])
    let dispatcher = try bench.startTold(pair.primary)
    try pair.replica.command("REPLICAOF", "NO", "ONE")
    try bench.remember("between", in: pair.primary)
    try pair.pointToReplica()
    try pair.primary.command("CLIENT", "KILL", "TYPE", "normal")
    try bench.waitUntilTold(pair.replica)
    try bench.change("between")
    try bench.wait("noted") { try bench.rows("due_at > '-infinity'") == 1 }
    XCTAssertTrue(try bench.isRemembered("between", in: pair.primary))
    try bench.execute("UPDATE outbox SET due_at = NULL")
    try pair.pointToPrimary()
    try pair.replica.command("CLIENT", "KILL", "TYPE", "normal")
    try bench.waitUntilForgotten("between", in: pair.primary)
    try bench.waitUntilTold(pair.primary)
    bench.stop(dispatcher)
  }

  func testAllThatIsKeptIsAnnouncedNewestFirstAndNewRowsDoNotWaitForIt() throws {
    let bench = try DispatcherBench()
    let count = 60_000
    try bench.change(count, prefix: "kept")
    try bench.execute("UPDATE outbox SET due_at = NULL")
    try bench.remember("kept1")
    try bench.remember("kept\(count)")
    let dispatcher = try bench.start()
    try bench.waitUntilForgotten("kept\(count)")
    try bench.remember("fresh")
    try bench.change("fresh")
    try bench.waitUntilForgotten("fresh")
    // The fresh one came before the oldest, though not before all of the others.
    let wasOldestLeft = try bench.isRemembered("kept1")
    let passed = bench.count(.reannouncedChanges)
    XCTAssertTrue(wasOldestLeft || passed >= UInt64(count), "\(passed)")
    try bench.waitUntilForgotten("kept1")
    try bench.waitUntilTold()
    XCTAssertGreaterThanOrEqual(bench.count(.reannouncedChanges), UInt64(count))
    bench.stop(dispatcher)
  }

  func testAnAnnouncementOfAllThatIsBrokenOffBeginsAgain() throws {
    let bench = try DispatcherBench()
    let count = 30_000
    try bench.change(count, prefix: "kept")
    try bench.execute("UPDATE outbox SET due_at = NULL")
    for turn in 0..<3 {
      let slug = "kept\(count - turn)"
      try bench.remember(slug)
      let dispatcher = try bench.start()
      try bench.waitUntilForgotten(slug)
      bench.kill(dispatcher)
      if turn == 0 { try bench.execute("DELETE FROM announced_cache") }
    }
    try bench.execute("DELETE FROM announced_cache")
    for number in [1, count / 2, count] { try bench.remember("kept\(number)") }
    let dispatcher = try bench.start()
    for number in [1, count / 2, count] { try bench.waitUntilForgotten("kept\(number)") }
    try bench.waitUntilTold()
    bench.stop(dispatcher)
  }
}
