import HTTPTypes
import Links
import Web
import XCTest

@testable import Endpoints

final class ShortenRequestTests: XCTestCase {
  private func failure(_ body: [UInt8]?, contentType: String? = "application/json") -> Failure? {
    withRequest(body, contentType: contentType) { request in
      do throws(Failure) {
        _ = try ShortenRequest(request, ownHosts: ["sho.rt"])
        return nil
      } catch {
        return error
      }
    }
  }

  private func withRequest<Result>(
    _ body: [UInt8]?, contentType: String?, _ use: (Request) throws -> Result
  ) rethrows -> Result {
    try Array("/shorten".utf8).withUnsafeBufferPointer { target in
      try Array((contentType ?? "").utf8).withUnsafeBufferPointer { type in
        try use(
          Request(
            method: .post, target: target, contentType: contentType == nil ? nil : type, body: body)
        )
      }
    }
  }

  private func status(_ body: String, contentType: String? = "application/json") -> Int? {
    failure(Array(body.utf8), contentType: contentType)?.problem.status.code
  }

  func testTheDocumentedBodyIsTaken() throws {
    let body = #"{"original_url":"https://example.com/\u00fc"}"#
    let destination = try withRequest(
      Array(body.utf8), contentType: "Application/JSON; charset=utf-8"
    ) { try ShortenRequest($0, ownHosts: []).destination }
    XCTAssertEqual(destination.description, "https://example.com/%C3%BC")
  }

  func testABodyThatIsNoJSONIs400() {
    XCTAssertEqual(status(""), 400)
    XCTAssertEqual(status("{"), 400)
    XCTAssertEqual(
      status(#"{"original_url":"https://a.example","original_url":"https://b.example"}"#), 400)
    XCTAssertEqual(
      failure(Array(#"{"original_url":""#.utf8) + [0xFF] + Array(#""}"#.utf8))?.problem.status.code,
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
    XCTAssertEqual(failure(nil), .bodyTooLarge)
  }
}
