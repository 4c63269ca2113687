import Links
import XCTest

/// The records of links with terms of their own: what one release writes, it reads.
final class ManagedLinkTests: XCTestCase {
  private let url = DestinationURL(unchecked: "https://e.org/a?b=\\\"'c")

  private func record(_ text: String) -> LinkRecord? { LinkRecord([1] + Array(text.utf8)) }

  private func rules() throws -> RedirectRules {
    let text = #"[{"u":"https://e.org/ios","c":[["device",null,"ios"]]}]"#
    return try XCTUnwrap(RedirectRules(stored: text))
  }

  private func examples() throws -> [ManagedLink] {
    let id = SnowflakeID(rawValue: .max)
    let terms: [LinkTerms] = [
      LinkTerms(isCrawlable: true), LinkTerms(validSince: -1), LinkTerms(validUntil: .max),
      LinkTerms(isLimited: true), LinkTerms(rules: try rules()),
      LinkTerms(
        revision: UInt32(Int32.max), forwardsQuery: true, isCrawlable: true, validSince: 1,
        validUntil: 2,
        isLimited: true, rules: try rules()),
    ]
    return terms.flatMap { terms in
      [0, 16].map { ManagedLink(id: id, domain: $0, destination: url, terms: terms) }
    }
  }

  func testWhatIsWrittenIsReadAgain() throws {
    for link in try examples() {
      let value = Array(LinkRecord.managed(link).value.utf8)
      XCTAssertEqual(LinkRecord(value), .managed(link), String(decoding: value, as: UTF8.self))
      XCTAssertEqual(link.recordBytes, value.count - 1)
    }
  }

  /// The readers of plain records know http and https alone.
  func testALinkToAnotherSchemeIsNoPlainOne() throws {
    let link = Link(
      id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "mailto:a@e.org"))
    let record = LinkRecord(link)
    XCTAssertEqual(record, .managed(ManagedLink(link)))
    XCTAssertEqual(record.value, "\u{1}{\"i\":\"4711\",\"u\":\"mailto:a@e.org\"}")
    XCTAssertEqual(LinkRecord(Array(record.value.utf8)), record)
  }

  func testADefaultIsNotWritten() throws {
    let link = ManagedLink(
      id: SnowflakeID(rawValue: 4711), destination: DestinationURL(unchecked: "https://e.org/"),
      terms: LinkTerms(isCrawlable: true))
    XCTAssertEqual(
      LinkRecord.managed(link).value, "\u{1}{\"i\":\"4711\",\"u\":\"https://e.org/\",\"c\":true}")
  }

  /// It may be the reason why the link leads elsewhere.
  func testARecordWithAnythingUnknownIsLeftToPostgreSQL() {
    let whole = #""i":"1","u":"https://e.org/""#
    XCTAssertNotNil(record("{\(whole)}"))
    for text in [
      "", "{", "[]", "null", "{}", "{\(whole)", "{\(whole)}x", #"{"i":"1"}"#,
      #"{"u":"https://e.org/"}"#, #"{"i":1,"u":"https://e.org/"}"#,
      #"{"i":"0","u":"https://e.org/"}"#, #"{"i":"01","u":"https://e.org/"}"#,
      #"{"i":"1","u":"javascript:x"}"#, #"{"i":"1","u":"https://e.org/\u000d\u000aX: 1"}"#,
      "{\(whole),\"p\":\"password\"}", "{\(whole),\"i\":\"2\"}", "{\(whole),\"q\":false}",
      "{\(whole),\"q\":1}", "{\(whole),\"m\":3}", "{\(whole),\"v\":1}", "{\(whole),\"v\":1.5}",
      "{\(whole),\"v\":2147483648}", "{\(whole),\"d\":0}", "{\(whole),\"d\":\"16\"}",
      "{\(whole),\"s\":null}", "{\(whole),\"s\":1e3}", "{\(whole),\"e\":\"1\"}",
      "{\(whole),\"r\":[]}", "{\(whole),\"r\":[{}]}",
      "{\(whole),\"r\":{}}", "{\(whole),\"r\":null}",
    ] {
      XCTAssertNil(record(text), text)
    }
  }

  func testALinkHasACompactRecordWhileItsTermsArePlain() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1, sequence: 2)
    let url = DestinationURL(unchecked: "https://e.org/")
    func value(domain: UInt32 = 0, _ terms: LinkTerms) -> String {
      LinkRecord(
        Link(
          id: id, key: LinkKey(Slug(id)), domain: domain, destination: url, createdAt: 0,
          terms: terms)
      ).value
    }
    XCTAssertEqual(value(LinkTerms()), "https://e.org/")
    XCTAssertEqual(value(LinkTerms(revision: 2)), "=\(id.rawValue):2 https://e.org/")
    XCTAssertEqual(value(domain: 16, LinkTerms()), "=\(id.rawValue)@16 https://e.org/")
    XCTAssertEqual(
      value(domain: 16, LinkTerms(revision: 2, forwardsQuery: true)),
      "+\(id.rawValue):2@16 https://e.org/")
    XCTAssertEqual(value(LinkTerms(forwardsQuery: true)), "+\(id.rawValue) https://e.org/")
    for terms in try examples().map(\.terms) {
      XCTAssertEqual(value(terms).first, "\u{1}")
    }
  }
}
