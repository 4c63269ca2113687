import JSON
import TestSupport
import Web
import XCTest

final class ProblemTypeTests: XCTestCase {
  func testNoURIIsGivenTwice() {
    let uris = ProblemType.all.map(\.uri)
    XCTAssertEqual(Set(uris).count, uris.count)
  }

  func testEveryTypeThatIsDeclaredIsListed() throws {
    let list = try Repository.text("Sources/Web/ProblemType+List.swift")
    let declared = list.matches(of: /package static let (\w+) = ProblemType\(/).map(\.1)
    XCTAssertGreaterThan(declared.count, 15)
    XCTAssertEqual(declared.count, ProblemType.all.count)
    XCTAssertEqual(list.matches(of: /= ProblemType\(/).count, declared.count)
  }

  func testATypeUnderRESTIsShlinksWhereItHasOne() {
    for type in ProblemType.all {
      XCTAssertEqual(type.told(isREST: false), type)
      let told = type.told(isREST: true)
      XCTAssertEqual(told.told(isREST: true), told)
      if told != type { XCTAssertEqual(told.namespace, .shlink) }
    }
    let counterparts = ProblemType.all.filter { $0.told(isREST: true) != $0 }
    XCTAssertEqual(
      counterparts, [.invalidJSON, .notFound, .shortURLNotFound, .invalidData])
  }

  func testOtherWordsMakeNoOtherType() {
    let worded = ProblemType.gone.when("Now.", detail: "Then.")
    XCTAssertEqual(worded, .gone)
    XCTAssertEqual([worded.summary, worded.detail, worded.title], ["Now.", "Then.", "Gone"])
  }

  func testAProblemWritesItsMembersAfterTheCommonOnes() throws {
    let problem = Problem(
      ProblemType.Shlink.invalidData, detail: "\"a\"",
      members: [.init("invalidElements", .array(["a"]))])
    let members = try XCTUnwrap(JSONValue(parsing: problem.response.body).object).members
    XCTAssertEqual(
      members.map(\.key), ["type", "title", "status", "detail", "invalidElements"])
    XCTAssertEqual(members[0].value, "https://shlink.io/api/error/invalid-data")
    XCTAssertEqual(members[2].value, .number("400"))
    XCTAssertEqual(members[3].value, "\"a\"")
  }
}
