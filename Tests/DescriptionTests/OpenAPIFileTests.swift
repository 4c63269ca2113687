import API
import Description
import TestSupport
import XCTest

final class OpenAPIFileTests: XCTestCase {
  func testTheFileThatNginxServesIsTheGeneratorsOutput() throws {
    let file = try Repository.text("nginx-config/docs/openapi.json")
    let text = APIDescription.document.text
    guard file != text else { return }
    let (old, new) = (file.split(separator: "\n"), text.split(separator: "\n"))
    let place = zip(old, new).prefix { $0 == $1 }.count
    XCTFail(
      """
      nginx-config/docs/openapi.json differs from line \(place + 1) on; `make openapi` writes it:
      \(old.dropFirst(place).first ?? "the end") is \(new.dropFirst(place).first ?? "the end") now
      """)
  }
}
