import API
import Access
import Destinations
import HTTPTypes
import Links
import Web
import XCTest

@testable import Management

final class ShortenRequestTests: XCTestCase {
  private var ownHosts = try? OwnHosts([])

  override func setUpWithError() throws {
    ownHosts = try OwnHosts(["sho.rt"])
  }

  private func failure(
    _ body: [UInt8]?, contentType: String? = "application/json", contentEncoding: String? = nil
  ) -> Problem? {
    withRequest(body, contentType: contentType, contentEncoding: contentEncoding) { request in
      switch handler?.take(request) {
      case .failure(let refusal): refusal.problem
      case .success: nil
      case nil: Problem(.serviceUnavailable, detail: "no handler")
      }
    }
  }

  private var handler: OperationHandler<ShortenURL>? {
    ownHosts.map { OperationHandler(ShortenURL($0), Authenticator()) { _ in false } }
  }

  private func withRequest<Result>(
    _ body: [UInt8]?, contentType: String?, contentEncoding: String? = nil,
    _ use: (Request) throws -> Result
  ) rethrows -> Result {
    try Array("/shorten".utf8).withUnsafeBufferPointer { target in
      try Array((contentType ?? "").utf8).withUnsafeBufferPointer { type in
        try Array((contentEncoding ?? "").utf8).withUnsafeBufferPointer { encoding in
          try use(
            Request(
              method: .post, target: target, contentType: contentType == nil ? nil : type,
              contentEncoding: contentEncoding == nil ? nil : encoding, body: body))
        }
      }
    }
  }

  private func status(_ body: String, contentType: String? = "application/json") -> Int? {
    failure(Array(body.utf8), contentType: contentType)?.status.code
  }

  func testTheDocumentedBodyIsTaken() throws {
    let body = #"{"original_url":"https://example.com/\u00fc"}"#
    let handler = try XCTUnwrap(handler)
    let destination = try withRequest(
      Array(body.utf8), contentType: "Application/JSON; charset=utf-8"
    ) { try handler.take($0).get().input }
    XCTAssertEqual(destination.description, "https://example.com/%C3%BC")
  }

  func testJSONInUTF8IsTakenHoweverItsTypeIsWritten() {
    let body = #"{"original_url":"https://example.com"}"#
    for type in [
      "application/json", "application/json\t;charset=UTF-8", " application/json ;",
      "application/json; Charset=\"utf-8\"", "application/json; profile=x; charset=utf-8",
    ] {
      XCTAssertNil(status(body, contentType: type), type)
    }
  }

  func testABodyInAnotherCharsetIs415() {
    let body = #"{"original_url":"https://example.com"}"#
    for charset in ["utf-16", "iso-8859-1", "", "\"utf-7\"", "utf-8; charset=latin1"] {
      XCTAssertEqual(
        status(body, contentType: "application/json; charset=\(charset)"), 415, charset)
    }
  }

  func testACodedBodyIs415() {
    let body = Array(#"{"original_url":"https://example.com"}"#.utf8)
    for coding in ["gzip", "GZIP", "identity, br", "br\t", "identity;q=1", "x"] {
      XCTAssertEqual(
        failure(body, contentEncoding: coding)?.fields,
        [Response.Field("Accept-Encoding", "identity")], coding)
    }
    for coding in [nil, "", "identity", " Identity\t", "identity,"] {
      XCTAssertNil(failure(body, contentEncoding: coding), coding ?? "none")
    }
  }

  func testAByteOrderMarkBeforeTheBodyIsSkipped() {
    let body = Array(#"{"original_url":"https://example.com"}"#.utf8)
    XCTAssertNil(failure([0xEF, 0xBB, 0xBF] + body))
    XCTAssertNotNil(failure([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + body))
    XCTAssertNotNil(failure([0xFE, 0xFF] + body))
  }

  func testABodyThatIsNoJSONIs400() {
    XCTAssertEqual(status(""), 400)
    XCTAssertEqual(status("{"), 400)
    XCTAssertEqual(
      status(#"{"original_url":"https://a.example","original_url":"https://b.example"}"#), 400)
    XCTAssertEqual(
      failure(Array(#"{"original_url":""#.utf8) + [0xFF] + Array(#""}"#.utf8))?.status.code,
      400)
    XCTAssertEqual(status(String(repeating: "[", count: 5000)), 400)
    XCTAssertEqual(status(#"{"original_url":"https://a.example/\u0000"}"#), 400)
  }

  func testJSONThatIsNotThisBodyIs422() {
    for body in [
      "[]", "null", "1", #""https://example.com""#, "{}", #"{"url":"https://example.com"}"#,
      #"{"original_url":1}"#, #"{"original_url":null}"#, #"{"original_url":["https://a.example"]}"#,
      #"{"original_url":"https://example.com","more":1}"#, #"{"original_url":""}"#,
      #"{"original_url":"ftp://example.com"}"#, #"{"original_url":"https://sho.rt/a"}"#,
    ] {
      XCTAssertEqual(status(body), 422, body)
    }
  }

  func testABodyOfAnotherTypeIs415() {
    let body = #"{"original_url":"https://example.com"}"#
    for type in [nil, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
      XCTAssertEqual(status(body, contentType: type), 415, type ?? "none")
    }
  }

  func testABodyThatIsTooLargeIs413() {
    XCTAssertEqual(failure(nil)?.type, .payloadTooLarge)
  }
}
