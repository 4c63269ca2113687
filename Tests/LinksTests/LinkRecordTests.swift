import Foundation
import Links
import TestSupport
import XCTest

/// What Redis may hold, read by both readers: one table of examples.
final class LinkRecordTests: XCTestCase {
  private struct Example {
    /// As the table has it.
    let text: String
    let value: [UInt8]
    /// Nil where PostgreSQL decides.
    let reading: LinkRecord?
    let isLease: Bool
    /// Where its reading is another test's.
    let isManaged: Bool
  }

  private static let table = "Tests/Examples/link-records.tsv"

  private func examples() throws -> [Example] {
    try ExampleTable.lines(Self.table).map { fields in
      let text = fields.joined(separator: "\t")
      var reading: LinkRecord?
      switch fields.dropFirst().first {
      case "absent": reading = .absent
      case "gone": reading = .gone
      case "unread", "lease": reading = nil
      case "plain":
        let id = try fields[2] == "-" ? nil : XCTUnwrap(SnowflakeID(decimal: fields[2].utf8))
        let url = DestinationURL(
          unchecked: String(decoding: ExampleTable.bytes(fields[3]), as: UTF8.self))
        reading = .plain(try plain(url, id: id, fields[min(4, fields.count)...].map { String($0) }))
      case "managed": reading = LinkRecord(ExampleTable.bytes(fields[0]))
      default: XCTFail("no reading: \(text)")
      }
      return Example(
        text: text, value: ExampleTable.bytes(fields[0]), reading: reading,
        isLease: fields[1] == "lease", isManaged: fields[1] == "managed")
    }
  }

  private func plain(
    _ url: DestinationURL, id: SnowflakeID?, _ others: [String]
  ) throws -> PlainLink {
    guard let id else { return PlainLink(url) }
    guard others.count == 3 else { return PlainLink(url, id: id) }
    return PlainLink(
      url, id: id, revision: try XCTUnwrap(UInt32(others[0])),
      domain: try XCTUnwrap(UInt32(others[1])), forwardsQuery: others[2] == "forwards")
  }

  func testSwiftReadsEachExampleAsTheTableSays() throws {
    let examples = try examples()
    XCTAssertGreaterThan(examples.count, 60)
    for example in examples {
      XCTAssertEqual(LinkRecord(example.value), example.reading, example.text)
      XCTAssertEqual(LinkRecord.isLease(example.value), example.isLease, example.text)
      var isManaged = false
      if case .managed = LinkRecord(example.value) { isManaged = true }
      XCTAssertEqual(isManaged, example.isManaged, example.text)
    }
  }

  func testWhatIsReadIsWrittenAsItStood() throws {
    for example in try examples() {
      guard let reading = example.reading else { continue }
      XCTAssertEqual(Array(reading.value.utf8), example.value, example.text)
    }
  }

  /// By nginx's own Lua, in an nginx that ends before it listens.
  func testLuaReadsEachExampleAsTheTableSays() throws {
    let code = try Repository.text("Tests/Examples/read-link-records.lua")
    let output = try NginxLua.run(
      "TABLE = \"\(Repository.url(Self.table).path)\"\n" + code
    ).output
    let read = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let examples = try examples()
    XCTAssertEqual(read.count, examples.count)
    for (line, example) in zip(read, examples) {
      guard case .plain(let link)? = example.reading else {
        XCTAssertEqual(line, example.isLease ? "lease" : "", example.text)
        continue
      }
      let id = link.id.map { "\($0.rawValue)" } ?? "-"
      let others =
        (link.revision, link.domain, link.forwardsQuery) == (1, 0, false)
        ? "" : "\t\(link.revision)\t\(link.domain)\t\(link.forwardsQuery ? "forwards" : "-")"
      XCTAssertEqual(String(line), "\(id)\t\(link.destination)\(others)", example.text)
    }
  }

  func testOnlyAnIDThatTheSlugDoesNotTellIsWritten() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1, sequence: 2)
    let url = DestinationURL(unchecked: "https://example.com/")
    let own = Link(id: id, destination: url)
    XCTAssertEqual(LinkRecord(own).value, "https://example.com/")
    for slug in ["summer-sale", "abc", Slug(SnowflakeID(rawValue: id.rawValue + 1)).description] {
      let link = Link(
        id: id, key: LinkKey(try XCTUnwrap(Slug(slug))), destination: url, createdAt: 0)
      XCTAssertEqual(
        LinkRecord(link).value, "=\(id.rawValue) https://example.com/")
    }
    // A row that somebody made by hand still redirects, and its clicks can still be read.
    for number: Int64 in [0, -1, .min] {
      let link = Link(
        id: SnowflakeID(rawValue: number), key: LinkKey(try XCTUnwrap(Slug("by-hand"))),
        destination: url, createdAt: 0)
      XCTAssertEqual(LinkRecord(link).value, "https://example.com/")
    }
  }
}
