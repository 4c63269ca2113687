import ClickHouse
import Clicks
import EngineSupport
import Links
import TestSupport
import Text
import Visitors
import XCTest

@testable import Pipeline

/// What SQL derives of a click is what Swift derives, on the server under test and on a current one.
final class ClickSQLTests: XCTestCase {
  /// Compares an expression over `text` with a function of its bytes.
  private func compare(
    _ texts: [String], _ expression: SQL,
    _ expected: (UnsafeBufferPointer<UInt8>, inout String) -> Void
  ) throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] {
      let database = try ScratchClickHouse(at: url)
      try database.client.execute(
        "CREATE TABLE texts (number UInt32, text String) ENGINE = MergeTree ORDER BY number")
      var block = NativeBlock(columns: 2, rows: texts.count)
      var (numbers, column): ([UInt8], [UInt8]) = ([], [])
      for (number, text) in texts.enumerated() {
        numbers.append(fixed: UInt32(number))
        var text = text
        text.withUTF8 { column.append(string: $0) }
      }
      block.add(.init("number", "UInt32"), numbers)
      block.add(.init("text", "String"), column)
      try database.client.insert(
        into: "texts", block, queryID: database.url,
        settings: database.client.serverVersion().insertSettings, timeout: 60_000)
      let rows = try database.client.select(
        "SELECT toString(\(expression)) FROM texts ORDER BY number")
      XCTAssertEqual(rows.count, texts.count)
      for (row, text) in zip(rows, texts) {
        var bytes = text
        var value = ""
        bytes.withUTF8 { expected($0, &value) }
        XCTAssertEqual(row, [value], text)
      }
    }
  }

  func testTheScopeOfACodeIsTheSame() throws {
    var generator = SplitMix64(seed: 31)
    let letters = Array(
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars)
    let odd = Array("-._~@ä\n\0'\\ ".unicodeScalars)
    var codes = [
      "", "0", "promo", "AzL8n0Y58m7", "AzL8n0Y58m8", "AzL8n0Y58m6", "Azzzzzzzzzz", "zzzzzzzzzzz",
      "1000000000", "zzzzzzzzzz", "0zzzzzzzzz", "00000000001", "10000000000", "SMtOIjlc3M",
      "zzzzzzzzz",
      "zzzzzzzzzzzz", "SMtOIjlc3M\n", "\nSMtOIjlc3M", "SMtOIjlc3Mä", "SMtOIjlc3", "AzL8n0Y58m", "A",
    ]
    for _ in 0..<20_000 {
      var code = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 8...12, using: &generator) {
        let isOdd = Int.random(in: 0..<200, using: &generator) == 0
        code.append((isOdd ? odd : letters).randomElement(using: &generator) ?? "0")
      }
      codes.append(String(code))
      codes.append(Base62.encode(.random(in: 0...UInt64(Int64.max), using: &generator)))
    }
    try compare(codes, ClickSQL.scope(of: "text")) { $1 = String(Scope(name: $0).rawValue) }
  }

  func testTheHostOfAReferrerIsTheSame() throws {
    var generator = SplitMix64(seed: 32)
    let pieces = [
      "http", "https", "HTTP", "hTTps", ":", "/", "//", "://", "a", "Z", "example", ".", "..", "@",
      "\\", "?", "#", "[", "]", "::1", "2001:DB8", "80", "_", "-", "ü", "\n", "\t", " ", "%", "'",
      "é@",
      "ſ", "K", "user:pass", "\0", String(repeating: "x", count: 120), "ﬀ", "🐦", "\u{7F}", "www.",
    ]
    var referrers = ["", "http://", "https://a", "http://\(String(repeating: "a", count: 253))"]
    referrers.append("http://\(String(repeating: "a", count: 254))")
    referrers.append("http://u@\(String(repeating: "A", count: 253)).:80/")
    for _ in 0..<20_000 {
      var referrer = Bool.random(using: &generator) ? "https://" : ""
      for _ in 0..<Int.random(in: 0...9, using: &generator) {
        referrer += pieces.randomElement(using: &generator) ?? ""
      }
      referrers.append(referrer)
    }
    try compare(referrers, ClickSQL.referrerHost(of: "text")) { text, host in
      ReferrerHost.withHost(of: text) { host = String(decoding: $0, as: UTF8.self) }
    }
  }

  func testAnAddressIsTheSame() throws {
    var generator = SplitMix64(seed: 33)
    var addresses = [
      "", "203.0.113.7", "::1", "2001:db8::1", "::ffff:0.0.0.0", "::ffff:255.255.255.255",
      "::FFFF:203.0.113.7", "::FfFf:203.0.113.7", "::ffff:203.0.113.256", "::ffff:203.0.113",
      "::ffff:203.0.113.07", "::ffff:203.0.113.7.", "::fffe:203.0.113.7", "::203.0.113.7",
      "::ffff:203.0.113.7\n", "::ffff:203.0.113.7\0", " ::ffff:203.0.113.7", "::ffff:1.2.3.4%eth0",
      "::ffff:0:203.0.113.7", "::ffff:00.0.0.0", "::ffff:1..2.3", "unix:", "::ffff:1.2.3.4.5",
    ]
    for _ in 0..<2000 {
      let octets = (0..<4).map { _ in String(Int.random(in: 0...299, using: &generator)) }
      addresses.append("::ffff:" + octets.joined(separator: "."))
    }
    try compare(addresses, ClickSQL.address(of: "text")) { text, address in
      VisitorAddress.withNormalForm(of: text) { address = String(decoding: $0, as: UTF8.self) }
    }
  }
}
