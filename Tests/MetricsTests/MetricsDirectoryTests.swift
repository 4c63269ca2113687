import Foundation
import Journals
import Metrics
import Service
import TestSupport
import XCTest

/// The slots of a directory, as files that processes take and others read.
final class MetricsDirectoryTests: XCTestCase {
  private var scratch: ScratchDirectory?
  private var path: String { scratch?("state") ?? "" }
  private var directory: MetricsDirectory { MetricsDirectory(StateDirectory(path)) }

  override func setUpWithError() throws { scratch = try ScratchDirectory("metrics") }

  override func tearDown() { scratch = nil }

  private var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/metrics")) ?? []).sorted()
  }

  func testTwoHundredProcessesHaveTwoHundredSlotsAndTheSumIsExact() throws {
    let meters = try (0..<200).map { _ in try directory.take(.redirects) }
    for (number, meter) in meters.enumerated() { meter.add(.clicksRecorded, number) }
    XCTAssertEqual(files.count, 200)
    let totals = directory.totals()
    XCTAssertEqual(totals.count(.clicksRecorded, .redirects), 19_900)
    XCTAssertEqual(totals.count(.starts, .redirects), 200)
    XCTAssertEqual(totals.processes(.redirects), 200)
    withExtendedLifetime(meters) {}
  }

  func testALaterProcessGoesOnWithTheNumbersAndNobodyElseHasTheSlot() throws {
    var first: Meter? = try directory.take(.relay)
    let second = try directory.take(.relay)
    first?.add(.publishedMessages, 5)
    second.add(.publishedMessages, 7)
    second.set(.unconfirmedMessages, 2)
    first?.set(.unconfirmedMessages, 1)
    XCTAssertEqual(directory.totals().gauge(.unconfirmedMessages, .relay), 3)

    first = nil
    XCTAssertEqual(directory.totals().count(.publishedMessages, .relay), 12)
    XCTAssertEqual(directory.totals().gauge(.unconfirmedMessages, .relay), 2)
    XCTAssertEqual(directory.totals().processes(.relay), 1)

    let third = try directory.take(.relay)
    third.add(.publishedMessages)
    XCTAssertEqual(files, ["relay-0", "relay-1"])
    XCTAssertEqual(directory.totals().count(.publishedMessages, .relay), 13)
    XCTAssertEqual(directory.totals().count(.starts, .relay), 3)
    XCTAssertEqual(directory.totals().processes(.relay), 2)
    XCTAssertEqual(directory.totals().gauge(.unconfirmedMessages, .relay), 2)
  }

  func testEachProgramHasSlotsOfItsOwn() throws {
    let meters = try Role.allCases.map { try directory.take($0) }
    XCTAssertEqual(files, Role.allCases.map { "\($0.rawValue)-0" }.sorted())
    for role in Role.allCases { XCTAssertEqual(directory.totals().processes(role), 1) }
    withExtendedLifetime(meters) {}
  }

  func testWhatIsNoSlotIsPassedOverAndALameFileIsMended() throws {
    let meter = try directory.take(.consumer)
    meter.add(.rows, 3)
    let odd = [
      ("notes", 10), ("relay-x", 4096), ("nobody-0", 4096), ("shortener-0", 100), ("spare-0", 0),
    ]
    for (name, bytes) in odd {
      try Data(count: bytes).write(to: URL(fileURLWithPath: "\(path)/metrics/\(name)"))
    }
    XCTAssertEqual(directory.totals().count(.rows, .consumer), 3)
    for role in Role.redirecting { XCTAssertEqual(directory.totals().processes(role), 0) }
    let shorteners = try Role.redirecting.map { try directory.take($0) }
    for role in Role.redirecting { XCTAssertEqual(directory.totals().processes(role), 1) }
    XCTAssertEqual(
      try Data(contentsOf: URL(fileURLWithPath: path + "/metrics/shortener-0")).count,
      Layout.bytes)
    withExtendedLifetime(shorteners) {}
  }

  func testADirectoryThatCannotBeMadeStopsNobody() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: path + "/metrics"))
    XCTAssertThrowsError(try directory.take(.redirects))
    let meter = directory.meter(.redirects, log: Log.make("test", level: "critical"))
    meter.add(.clicksRecorded)
    XCTAssertEqual(directory.totals().processes(.redirects), 0)
  }
}

/// What is read of the journals' directory.
final class JournalDepthTests: XCTestCase {
  private var directory = ""
  private var path: String { directory + "/journal" }

  override func setUpWithError() throws {
    directory = NSTemporaryDirectory() + "swiftlet-test-\(UInt64.random(in: .min ... .max))"
    for name in ["journal", "state"] {
      try FileManager.default.createDirectory(
        atPath: directory + "/" + name, withIntermediateDirectories: true)
    }
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: directory)
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  /// The figures anew: without their page, in which they are good for a second.
  private func read() throws -> MetricsSnapshot {
    try? FileManager.default.removeItem(atPath: directory + "/state/journal-depth")
    return MetricsReader(
      try Settings(
        Variables([
          "JOURNAL_DIR": path, "STATE_DIR": directory + "/state", "JOURNAL_MAX_BYTES": "2000000",
        ])), beatAge: { 250 }
    ).read()
  }

  private func line(_ time: String) -> String {
    #"{"event_id":"00000000000000000000000000000001","short_code":"a","timestamp":"\#(time)"}"#
      + "\n"
  }

  func testTheOldestClickIsTheFirstThatTheBrokerHasNot() throws {
    let (first, second) = (line("2025-11-22T20:00:00.000Z"), line("2025-11-22T20:00:01.500Z"))
    try write(first + second, to: "00000000000000aa.ndjson")
    try write(second, to: "00000000000000bb.ndjson")
    try write("00000000000000bb \(second.utf8.count)\n", to: "../state/relay-cursors")
    var journals = try XCTUnwrap(try read().journals)
    XCTAssertEqual(journals.files, 2)
    XCTAssertEqual(journals.bytes, (first + second + second).utf8.count)
    XCTAssertEqual(journals.unconfirmedBytes, (first + second).utf8.count)
    XCTAssertEqual(journals.oldestUnconfirmed, 1_763_841_600_000)
    XCTAssertTrue(try read().isRelayBehind)

    try write(
      "00000000000000aa \(first.utf8.count)\n00000000000000bb \(second.utf8.count)\n",
      to: "../state/relay-cursors")
    journals = try XCTUnwrap(try read().journals)
    XCTAssertEqual(journals.unconfirmedBytes, second.utf8.count)
    XCTAssertEqual(journals.oldestUnconfirmed, 1_763_841_601_500)

    try write(
      "00000000000000aa \((first + second).utf8.count)\n"
        + "00000000000000bb \(second.utf8.count)\n", to: "../state/relay-cursors")
    journals = try XCTUnwrap(try read().journals)
    XCTAssertEqual(journals.unconfirmedBytes, 0)
    XCTAssertNil(journals.oldestUnconfirmed)
    XCTAssertFalse(try read().isRelayBehind)
  }

  func testALineThatIsNoClickIsAsOldAsItsFile() throws {
    for text in ["no click\n", "{\"torn", String(repeating: "x", count: 200_000)] {
      try write(text, to: "00000000000000aa.ndjson")
      let date = Date(timeIntervalSince1970: 1_700_000_000)
      try FileManager.default.setAttributes(
        [.modificationDate: date], ofItemAtPath: path + "/00000000000000aa.ndjson")
      XCTAssertEqual(try read().journals?.oldestUnconfirmed, 1_700_000_000_000)
    }
  }

  func testAmongManyJournalsTheOldestClickIsFound() throws {
    for number in 0..<300 {
      let name = "/0000000000000" + String(0x100 + number, radix: 16) + ".ndjson"
      // The one written last was begun first.
      try write(line(number == 299 ? "2025-11-22T20:00:00Z" : "2025-11-22T20:00:02Z"), to: name)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_770_000_000 + Double(number))],
        ofItemAtPath: path + name)
    }
    let journals = try XCTUnwrap(try read().journals)
    XCTAssertEqual(journals.files, 300)
    XCTAssertEqual(journals.unconfirmedBytes, journals.bytes)
    XCTAssertEqual(journals.oldestUnconfirmed, 1_763_841_600_000)
  }

  func testADirectoryThatIsNotThereHasNoDepth() throws {
    try FileManager.default.removeItem(atPath: path)
    XCTAssertNil(try read().journals)
    XCTAssertFalse(try read().isRelayBehind)
  }
}
