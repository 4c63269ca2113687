import JSON
import Web
import XCTest

@testable import API

final class InputReaderTests: XCTestCase {
  func testAMissingMemberReadsAsASampleAndLeavesAComplaint() {
    var reader = InputReader(
      path: [:], query: QueryString(), members: JSONObject(), .exact)
    XCTAssertTrue(reader.required("enabled", .boolean, "Whether it is."))
    XCTAssertEqual(reader.complaints, [Complaint("enabled", InvalidValue("is missing"))])
  }
}
