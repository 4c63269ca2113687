import EngineSupport
import Foundation
import TestSupport
import XCTest

/// Where rules on places lead visitors: by the file that `GEO_DB` names now.
final class PlaceProcessTests: XCTestCase {
  private static let record =
    "\u{1}"
    + #"{"i":"4711","u":"https://example.com/any","r":["#
    + #"{"u":"https://example.com/germany","c":[["geolocation-country-code",null,"DE"]]},"#
    + #"{"u":"https://example.com/berlin","c":[["geolocation-city-name",null,"bErLiN"]]}]}"#

  private func assertLeads(
    _ pool: WorkerPool, from address: String, to name: String, line: UInt = #line
  ) throws {
    var answer = ""
    // A file in place of another is opened within some seconds.
    let leads = try eventually(seconds: 30) {
      answer = try FastCGIClient.request(
        socket: pool.socket,
        parameters: [
          ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/sale"), ("REMOTE_ADDR", address),
          ("REQUEST_ID", String(repeating: "0", count: 32)),
        ])
      return answer.contains("\r\nLocation: https://example.com/\(name)\r\n")
    }
    XCTAssertTrue(leads, "\(address): \(answer)", line: line)
  }

  func testAPlaceIsThatOfTheFileWhichHasTheNameNow() throws {
    let redis = try PrivateRedis()
    let directory = try ScratchDirectory("places")
    let file = URL(fileURLWithPath: directory("geo.mmdb"))
    let pool = try WorkerPool(
      "shortener",
      [
        "SHORTENER_ROLE": "redirects", "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
        "GEO_DB": file.path,
      ])
    let worker = try pool.start()
    try redis.command("SET", "short_url:sale", Self.record)
    try assertLeads(pool, from: "192.0.2.1", to: "any")

    try GeoDatabaseFile([
      ("192.0.2.0/24", "DE", "Berlin"), ("198.51.100.0/24", "US", "Berlin"),
      ("2001:db8::/32", "DE", nil),
    ]).replace(file)
    for address in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"] {
      try assertLeads(pool, from: address, to: "germany")
    }
    try assertLeads(pool, from: "198.51.100.9", to: "berlin")
    for address in ["203.0.113.1", "2001:db9::1", "unix:", ""] {
      try assertLeads(pool, from: address, to: "any")
    }

    try GeoDatabaseFile([("192.0.2.0/24", "FR", "Paris")]).replace(file)
    try assertLeads(pool, from: "192.0.2.1", to: "any")
    try GeoDatabaseFile([("192.0.2.0/24", "DE", nil)]).replace(file)
    try assertLeads(pool, from: "192.0.2.1", to: "germany")
    // Cut in place: its pages are gone, and the worker lives on.
    try FileHandle(forWritingTo: file).truncate(atOffset: 0)
    try assertLeads(pool, from: "192.0.2.1", to: "any")
    try FileManager.default.removeItem(at: file)
    try assertLeads(pool, from: "192.0.2.1", to: "any")
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
