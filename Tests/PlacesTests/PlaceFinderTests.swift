import EngineSupport
import Foundation
import Glibc
import Links
import Places
import TestSupport
import XCTest

/// Which file the places of visitors come from.
final class PlaceFinderTests: XCTestCase {
  private var directory: ScratchDirectory!
  private let log = RecordedLog()
  private var path: URL { URL(fileURLWithPath: directory("geo.mmdb")) }
  private let pause = PlaceFinder.pauseMilliseconds

  override func setUpWithError() throws { directory = try ScratchDirectory("places") }

  private var failures: [String] { log.messages.filter { $0.contains("can't be read") } }

  private func finder() -> PlaceFinder { PlaceFinder(path.path, log: log.logger) }

  private func put(_ country: String) throws {
    try GeoDatabaseFile([("192.0.2.0/24", country, "Berlin")]).replace(path)
  }

  private func country(_ finder: PlaceFinder, at now: Int64) throws -> String? {
    finder.place(of: try XCTUnwrap(IPAddress("192.0.2.1")), at: now)?.country?.description
  }

  func testAnIPv4MappedAddressIsAnIPv4Address() throws {
    try put("DE")
    let finder = finder()
    let place = VisitorPlace(country: CountryCode("DE"), city: "Berlin")
    for address in ["192.0.2.1", "::ffff:192.0.2.1"] {
      XCTAssertEqual(finder.place(of: try XCTUnwrap(IPAddress(address)), at: 0), place, address)
    }
    for address in ["192.0.3.1", "2001:db8::1", "::192.0.3.1"] {
      XCTAssertNil(finder.place(of: try XCTUnwrap(IPAddress(address)), at: 0), address)
    }
    XCTAssertEqual(finder.state(at: 0), .works)
  }

  func testWhatIsNoCodeOfACountryIsNone() throws {
    try put("??")
    let place = finder().place(of: try XCTUnwrap(IPAddress("192.0.2.1")), at: 0)
    XCTAssertEqual(place, VisitorPlace(country: nil, city: "Berlin"))
  }

  func testAnotherFileInItsPlaceIsReadSoonButNotAtEachQuestion() throws {
    try put("DE")
    let finder = finder()
    XCTAssertEqual(try country(finder, at: 0), "DE")
    try put("FR")
    XCTAssertEqual(try country(finder, at: pause - 1), "DE")
    XCTAssertEqual(try country(finder, at: pause), "FR")
    XCTAssertEqual(try country(finder, at: pause + 1), "FR")
  }

  func testAFileThatIsWrittenInPlaceIsNotReadUntilItIsWhole() throws {
    try put("DE")
    let finder = finder()
    XCTAssertEqual(try country(finder, at: 0), "DE")
    let whole = try GeoDatabaseFile([("192.0.2.0/24", "FR", nil)]).bytes
    let file = try FileHandle(forWritingTo: path)
    try file.truncate(atOffset: 0)
    XCTAssertNil(try country(finder, at: 1), "its pages are gone")
    try file.write(contentsOf: Data(whole.prefix(100)))
    XCTAssertNil(try country(finder, at: pause))
    XCTAssertEqual(finder.state(at: pause), .unreadable)
    try file.write(contentsOf: Data(whole.dropFirst(100)))
    XCTAssertNil(try country(finder, at: pause * 2 - 1), "it was tried a moment ago")
    XCTAssertEqual(try country(finder, at: pause * 2), "FR")
    XCTAssertEqual(failures.count, 1, "\(failures)")
  }

  func testAFileThatIsRemovedOrBrokenIsNotReadOnAndTheLogSaysSoOnce() throws {
    try put("DE")
    let finder = finder()
    XCTAssertEqual(try country(finder, at: 0), "DE")
    try FileManager.default.removeItem(at: path)
    for turn in 1...3 { XCTAssertNil(try country(finder, at: pause * Int64(turn))) }
    try Data("no database".utf8).write(to: path)
    for turn in 4...6 { XCTAssertNil(try country(finder, at: pause * Int64(turn))) }
    XCTAssertEqual(finder.state(at: pause * 6), .unreadable)
    XCTAssertEqual(failures.count, 2, "\(failures)")
    try put("FR")
    XCTAssertEqual(try country(finder, at: pause * 7), "FR")
  }

  func testAPipeOrADirectoryIsRefusedAtOnce() throws {
    XCTAssertEqual(mkfifo(path.path, 0o600), 0)
    XCTAssertEqual(finder().state(at: 0), .unreadable)
    XCTAssertEqual(PlaceFinder(directory.path, log: .quiet).state(at: 0), .unreadable)
    XCTAssertTrue(failures.first?.contains("it is no regular file") == true, "\(failures)")
  }

  func testWithoutASettingNoPlaceIsKnown() throws {
    let finder = PlaceFinder("", log: .quiet)
    XCTAssertEqual(finder.state(at: 0), .off)
    XCTAssertNil(try country(finder, at: 0))
  }
}
