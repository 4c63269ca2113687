import EngineSupport
import Foundation
import Redis
import TestSupport
import XCTest

/// Eight processes and more that make ids while clocks, leases and stores do what they should not.
///
/// In `make test` each fault comes once, with short leases. `make ids` makes it long: at least
/// ID_COUNT ids, leases of ID_LEASE_SECONDS, processes stopped for ID_STOP_SECONDS.
final class IDFaultTests: XCTestCase {
  private let term = number("ID_LEASE_SECONDS") ?? 3
  private let stop = number("ID_STOP_SECONDS") ?? 7
  private let least = number("ID_COUNT") ?? 100_000
  private var redis: PrivateRedis?
  private var database: ScratchPostgres?

  override func setUpWithError() throws {
    redis = try PrivateRedis()
    database = try ScratchPostgres()
  }

  override func tearDown() {
    redis = nil
    database = nil
  }

  func testNoIDIsMadeTwiceWhateverClocksLeasesAndStoresDo() throws {
    let (redis, database) = (try XCTUnwrap(redis), try XCTUnwrap(database))
    let makers = try IDMakers(redis: redis.url, dsn: database.dsn, term: term)
    var running = try (0..<8).map { _ in try makers.start() }

    // A Redis that knows nothing settles for a term, in which PostgreSQL gives the numbers.
    XCTAssertTrue(
      eventually(seconds: 20) { running.allSatisfy { !makers.taken($0.name).isEmpty } })
    XCTAssertTrue(running.contains { makers.taken($0.name).first?.store == "postgres" })
    waitForRedis(makers, running)
    try takeAllFreeNumbers()
    progress(makers, "eight makers hold the only numbers there are")

    // Clocks step an hour forth, an hour back, and back from there; one by little.
    let steps: [[Double]] = [[3600, -3600, 0, -5], [0, 3600, -3600, 5], [-3600, 0, 3600, 0]]
    for offsets in steps {
      for (index, offset) in offsets.enumerated() {
        try running[index].clock.step(to: offset)
      }
      // Longer than libfaketime takes to look at the file again: the step comes to pass.
      usleep(2_500_000)
    }
    XCTAssertTrue(
      eventually(seconds: 20) {
        running.prefix(3).allSatisfy { maker in
          makers.log(maker.name).count { $0.contains("the clock stepped") } >= 2
        }
      }, "clocks stepped \(makers.count("the clock stepped")) times")
    progress(makers, "clocks stepped \(makers.count("the clock stepped")) times")

    try stopHolders(running, makers)
    running += try restartWithClocksSetBack(&running, makers)

    // Redis forgets everything.
    let lost = makers.count("worker id lost")
    _ = try connection().command(["FLUSHALL"], timeoutMilliseconds: 10_000)
    XCTAssertTrue(
      eventually(seconds: Double(term) + 10) { makers.count("worker id lost") > lost },
      "no one noticed that Redis was flushed")
    waitForRedis(makers, running)
    progress(makers, "\(makers.count("worker id lost") - lost) leases lost with a flushed Redis")

    // Redis stands still for longer than a term: PostgreSQL gives the numbers.
    let fallbacks = makers.count(#""store":"postgres""#)
    redis.freeze()
    XCTAssertTrue(
      eventually(seconds: Double(term) + 10) {
        makers.count(#""store":"postgres""#) >= fallbacks + running.count
      }, "not all went to PostgreSQL")
    redis.thaw()
    waitForRedis(makers, running)
    progress(makers, "\(running.count) makers went to PostgreSQL and back")

    try restoreAnOldCopy(redis, running, makers)

    // The rest of the time, clocks step again and again.
    var random = SplitMix64(seed: 7)
    while makers.made < least {
      for maker in running where Bool.random(using: &random) {
        try maker.clock.step(to: [3600, -3600, 0].randomElement(using: &random) ?? 0)
      }
      usleep(3_000_000)
    }
    for maker in running { maker.process.signal(SIGTERM) }
    for maker in running { XCTAssertEqual(maker.process.wait(seconds: 20), 0, maker.name) }
    for maker in running { XCTAssertGreaterThan(makers.made(maker.name), 0, maker.name) }
    XCTAssertEqual(makers.count("PostgreSQL has this id"), 0)
    let (status, output) = try makers.check()
    XCTAssertEqual(status, 0, output)
    XCTAssertTrue(output.hasPrefix("ids \(makers.made) twice 0"), output)
    progress(makers, output)
    XCTAssertEqual(try makers.check(again: running[0].name).status, 1)
  }

  /// Holders are stopped for longer than their terms, and rivals take their numbers.
  ///
  /// No other number is free. When the holders go on, they must not go on with theirs.
  private func stopHolders(_ running: [IDMakers.Maker], _ makers: IDMakers) throws {
    let stopped = running[4...5]
    let numbers = Set(stopped.compactMap { makers.taken($0.name).last?.number })
    let before = stopped.map { makers.taken($0.name).count }
    for maker in stopped { maker.process.signal(SIGSTOP) }
    let rivals = try (0..<2).map { _ in try makers.start() }
    usleep(UInt32(stop) * 1_000_000)
    XCTAssertTrue(
      eventually(seconds: 10) {
        Set(rivals.flatMap { makers.taken($0.name).map(\.number) }).isSuperset(of: numbers)
      }, "the rivals did not take \(numbers): \(rivals.map { makers.taken($0.name) })")
    for maker in stopped { maker.process.signal(SIGCONT) }
    XCTAssertTrue(
      eventually(seconds: 10) {
        zip(stopped, before).allSatisfy { makers.taken($0.name).count > $1 }
      }, "the stopped ones did not ask for another number")
    progress(
      makers, "rivals took \(numbers.sorted()) while their holders were stopped for \(stop) s")
    // Ten makers, and numbers in Redis for eight: the two that PostgreSQL serves ask each second.
    XCTAssertTrue(
      eventually(seconds: 10) { makers.count("every worker id is taken") > 0 }, "no one was refused"
    )
    for rival in rivals { rival.process.signal(SIGTERM) }
    for rival in rivals { XCTAssertEqual(rival.process.wait(seconds: 20), 0) }
  }

  /// One ends as it should, one is killed, and their successors' clocks are an hour behind.
  ///
  /// - Returns: The successors; the two are no longer among `running`.
  private func restartWithClocksSetBack(
    _ running: inout [IDMakers.Maker], _ makers: IDMakers
  ) throws -> [IDMakers.Maker] {
    let (ended, killed) = (running[6], running[7])
    running.removeLast(2)
    let numbers = Set([ended, killed].compactMap { makers.taken($0.name).last?.number })
    ended.process.signal(SIGTERM)
    XCTAssertEqual(ended.process.wait(seconds: 20), 0)
    killed.process.signal(SIGKILL)
    XCTAssertEqual(killed.process.wait(seconds: 20), 137)
    let successors = try (0..<2).map { _ in try makers.start(offset: -3600) }
    XCTAssertTrue(
      eventually(seconds: Double(term) + 20) {
        let taken = running + successors
        return Set(taken.flatMap { makers.taken($0.name).map(\.number) }).isSuperset(of: numbers)
          && successors.allSatisfy { makers.made($0.name) > 0 }
      }, "\(numbers) were not taken again")
    progress(makers, "\(numbers.sorted()) taken again after a restart, clocks an hour behind")
    return successors
  }

  /// Redis comes back with what it knew some terms ago, while the makers run.
  ///
  /// Clocks don't step meanwhile. If a number's ceiling went back with the copy, only the clock
  /// tells that it was used (and PostgreSQL's unique keys).
  private func restoreAnOldCopy(
    _ redis: PrivateRedis, _ running: [IDMakers.Maker], _ makers: IDMakers
  ) throws {
    for maker in running { try maker.clock.step(to: 0) }
    // Longer than libfaketime takes to look at the file again; what it finds shows nowhere.
    usleep(2_500_000)
    _ = try connection().command(["SET", "age", "old"], timeoutMilliseconds: 10_000)
    _ = try connection().command(["SAVE"], timeoutMilliseconds: 10_000)
    let (file, copy) = (redis.directory + "/dump.rdb", redis.directory + "/copy")
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    _ = try connection().command(["SET", "age", "new"], timeoutMilliseconds: 10_000)
    usleep(UInt32(2 * term) * 1_000_000)
    let before = makers.count(#""store":"redis""#)
    redis.kill()
    try? FileManager.default.removeItem(atPath: file)
    try FileManager.default.moveItem(atPath: copy, toPath: file)
    try redis.start()
    XCTAssertEqual(
      try connection().command(["GET", "age"], timeoutMilliseconds: 10_000).text, "old")
    XCTAssertTrue(
      eventually(seconds: Double(term) + 20) { makers.count(#""store":"redis""#) > before },
      "no one took a number from the old copy")
    let made = makers.made
    XCTAssertTrue(
      eventually(seconds: 60) { makers.made > made + 1000 }, "ids are made no more")
    progress(makers, "Redis came back with a copy of \(2 * term) s ago")
  }

  /// Waits until each of them has a number of Redis.
  private func waitForRedis(_ makers: IDMakers, _ running: [IDMakers.Maker]) {
    XCTAssertTrue(
      eventually(seconds: Double(2 * term) + 30) {
        running.allSatisfy { makers.taken($0.name).last?.store == "redis" }
      }, "\(running.map { makers.taken($0.name) })")
  }

  /// Leaves no number in Redis but those that are held.
  private func takeAllFreeNumbers() throws {
    let connection = try connection()
    for number in 0..<768 {
      _ = try connection.command(
        ["SET", .text("worker_id:\(number)"), "someone else", "NX"], timeoutMilliseconds: 10_000)
    }
  }

  private func connection() throws -> Redis.Connection {
    try Redis.Connection(
      Address(parsing: XCTUnwrap(redis).url), connectTimeoutMilliseconds: 1000,
      timeoutMilliseconds: 10_000)
  }

  /// Tells those who watch a long run.
  private func progress(_ makers: IDMakers, _ text: String) {
    print("\(makers.made) ids: \(text)")
  }

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }
}
