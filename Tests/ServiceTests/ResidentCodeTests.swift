import Foundation
import Service
import XCTest

final class ResidentCodeTests: XCTestCase {
  func testCodeThatIsLetGoComesBackWhenItIsNeeded() throws {
    let before = try residentFileKilobytes()
    ResidentCode.release()
    XCTAssertLessThan(try residentFileKilobytes(), before)
    XCTAssertEqual(try JSONSerialization.jsonObject(with: Data("[1]".utf8)) as? [Int], [1])
  }

  private func residentFileKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
    return try XCTUnwrap(Int(line.filter(\.isNumber)))
  }
}
