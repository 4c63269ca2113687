import HTTPTypes
import Web
import XCTest

final class ResponseTests: XCTestCase {
  func testAFieldThatCouldBreakOutOfItsLineIsNotSent() {
    let response = Response(
      status: .ok,
      fields: [Response.Field("X-A", "a\r\nX-B: b"), Response.Field("X-C", "c")],
      body: [0x68, 0x69])
    XCTAssertEqual(
      text(response, isHead: false), "Status: 200 OK\r\nX-C: c\r\nContent-Length: 2\r\n\r\nhi")
    XCTAssertTrue(text(response, isHead: true).hasSuffix("Content-Length: 2\r\n\r\n"))
    for location in ["https://a.example/\n", "https://a.example/\u{7F}"] {
      let redirect = Response(status: .movedPermanently, location: location)
      XCTAssertFalse(text(redirect, isHead: false).contains("Location"))
    }
  }

  private func text(_ response: Response, isHead: Bool) -> String {
    var bytes: [UInt8] = []
    response.write(isHead: isHead) { bytes.append(contentsOf: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
