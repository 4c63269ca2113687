import Foundation
import Geo
import TestSupport
import XCTest

/// What is read from a geolocation database, and from files that are none.
final class GeoDatabaseTests: XCTestCase {
  private let file = FileManager.default.temporaryDirectory.appending(path: "geo-\(UUID()).mmdb")
  private let places: [(network: String, country: String?, city: String?)] = [
    ("193.99.144.0/24", "DE", "Hannover"), ("203.0.113.7/32", "FR", nil),
    ("2001:db8::/32", "BR", "São Paulo"), ("2a00::/16", nil, "Nowhere"),
    ("198.51.100.0/24", nil, nil),
    ("192.0.2.0/24", String(repeating: "x", count: 513), String(repeating: "y", count: 512)),
  ]

  override func tearDown() { try? FileManager.default.removeItem(at: file) }

  private var writer: FileHandle!

  override func setUpWithError() throws {
    XCTAssertTrue(FileManager.default.createFile(atPath: file.path, contents: nil))
    writer = try FileHandle(forWritingTo: file)
  }

  /// Opens a database of these bytes; none that was opened before is read any more.
  private func open(_ bytes: [UInt8]) throws -> GeoDatabase {
    try writer.seek(toOffset: 0)
    try writer.write(contentsOf: Data(bytes))
    try writer.truncate(atOffset: UInt64(bytes.count))
    return try GeoDatabase(file.path)
  }

  private let ipv4: UInt64 = 0xFFFF_0000_0000

  func testCountryAndCityAreReadOfIPv4AndIPv6() throws {
    let database = try open(try GeoDatabaseFile(places, type: "Test").bytes)
    XCTAssertEqual(database.type, "Test")
    XCTAssertEqual(database.buildSeconds, 1_790_000_000)
    func place(_ high: UInt64, _ low: UInt64) -> String? {
      database.place(high: high, low: low).map { "\($0.country) \($0.city.prefix(10))" }
    }
    XCTAssertEqual(place(0, ipv4 | 0xC163_9050), "DE Hannover")
    XCTAssertEqual(place(0, ipv4 | 0xC163_9150), nil)
    XCTAssertEqual(place(0, ipv4 | 0xCB00_7107), "FR ")
    XCTAssertEqual(place(0, ipv4 | 0xCB00_7106), nil)
    XCTAssertEqual(place(0x2001_0DB8_1234_5678, 1), "BR São Paulo")
    XCTAssertEqual(place(0x2001_0DB9_0000_0000, 1), nil)
    XCTAssertEqual(place(0x2A00_FFFF_0000_0000, .max), " Nowhere")
    XCTAssertEqual(place(0, ipv4 | 0xC633_6401), nil, "an entry that tells nothing")
    XCTAssertEqual(place(0, ipv4 | 0xC000_0201), " yyyyyyyyyy", "too long a country")
  }

  /// Each cut, and each byte changed in three ways: it is refused, or answers something.
  func testNoDamageTraps() throws {
    let whole = try GeoDatabaseFile(places).bytes
    for count in 0..<whole.count {
      look(Array(whole.prefix(count)))
    }
    for index in whole.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole
        bytes[index] ^= change
        look(bytes)
      }
    }
  }

  func testRandomChangesDoNotTrapEither() throws {
    let whole = try GeoDatabaseFile(places).bytes
    var random = SplitMix64(seed: 4711)
    for _ in 0..<5000 {
      var bytes = whole
      // Data and metadata, where most is read from.
      for _ in 0...UInt64.random(in: 0..<8, using: &random) {
        let index = Int.random(in: bytes.count / 2..<bytes.count, using: &random)
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
      look(bytes)
    }
  }

  private func look(_ bytes: [UInt8]) {
    guard let database = try? open(bytes) else { return }
    XCTAssertLessThan(database.type.utf8.count, 1 << 20)
    for low in [0xC163_9050, 0xCB00_7107, 0, 0xC000_0201] {
      _ = database.place(high: 0, low: ipv4 | UInt64(low))
    }
    _ = database.place(high: 0x2001_0DB8_0000_0000, low: 1)
    _ = database.place(high: .max, low: .max)
  }

  func testWhatIsNoDatabaseIsRefusedWithAReason() throws {
    for bytes in [[], Array("no database".utf8), [UInt8](repeating: 0xFF, count: 100_000)] {
      let error = try assertThrows(GeoError.self) { _ = try open(bytes) }
      XCTAssertFalse(error.description.isEmpty)
    }
    let error = try assertThrows(GeoError.self) { _ = try GeoDatabase("/no/such/file") }
    XCTAssertTrue(error.description.contains("opening"), error.description)
  }
}
