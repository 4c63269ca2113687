import API
import Access
import Description
import HTTPTypes
import JSON
import TestSupport
import Web
import XCTest

/// What holds for every operation in the API's description.
final class OpenAPIDocumentTests: XCTestCase {
  private var document: JSONAnswer {
    get throws { try JSONAnswer(APIDescription.document.text) }
  }

  /// Each operation with its place: method and path.
  private func operations(_ document: JSONAnswer) throws -> [(place: String, JSONAnswer)] {
    try document["paths"].members.flatMap { path, item in
      try item.members.map { ("\($0) \(path)", $1) }
    }
  }

  func testEveryReferenceLeadsSomewhere() throws {
    let document = try document
    var references = 0
    func check(_ value: Any) throws {
      if let object = value as? [String: Any] {
        if let reference = object["$ref"] as? String {
          references += 1
          _ = try document.at(reference: reference)
        }
        for member in object.values { try check(member) }
      } else if let elements = value as? [Any] {
        for element in elements { try check(element) }
      }
    }
    try check(document.value)
    XCTAssertGreaterThan(references, 50)
  }

  /// Two answers of one status and media type would share a key, and most readers would take the last.
  func testNoKeyComesTwice() throws {
    let document = APIDescription.document
    // Our parser refuses it.
    XCTAssertEqual(try JSONValue(parsing: Array(document.text.utf8)), document.json)
  }

  func testNamesAndPlacesAreGivenOnce() throws {
    let names = try operations(document).map { try $0.1["operationId"].text }
    XCTAssertEqual(Set(names).count, APIDescription.operations.count)
    XCTAssertEqual(names.count, APIDescription.operations.count)
  }

  func testEveryExampleFitsItsSchema() throws {
    let document = try document
    var examples = 0
    for (place, operation) in try operations(document) {
      let body = try operation.members["requestBody"].map { [("body", $0)] } ?? []
      for (status, part) in try body + operation["responses"].members.map({ ($0, $1) }) {
        for (type, content) in try part.members["content"]?.members ?? [:] {
          let schema = try DescribedSchema(content["schema"], root: document)
          let one = try content.members["example"].map { [$0] } ?? []
          let several =
            try content.members["examples"]?.members.values.map { try $0["value"] } ?? []
          for example in one + several {
            examples += 1
            XCTAssertEqual(
              try schema.complaints(about: example.value), [], "\(place) \(status) \(type)")
          }
        }
      }
    }
    XCTAssertGreaterThan(examples, 20)
  }

  func testEveryNameOfAPathIsAParameterAndTheReverse() {
    for operation in APIDescription.operations {
      let parameters = operation.fields.filter { $0.place == .path }.map(\.name)
      XCTAssertEqual(parameters, operation.route.path.names, operation.name)
    }
  }

  func testWhoNeedsAKeyIsToldSo() throws {
    let document = try document
    for operation in APIDescription.operations {
      let item = try document["paths"][operation.route.path.description][
        operation.route.method.rawValue.lowercased()]
      let types = operation.problems.filter { $0.status == .unauthorized }
      guard operation.permission != .open else {
        XCTAssertEqual(types, [], operation.name)
        XCTAssertNil(try item.members["security"], operation.name)
        continue
      }
      var expected = [ProblemType.Shlink.missingAuthentication, ProblemType.Shlink.invalidAPIKey]
      switch operation.permission {
      case .signIn: expected.append(.invalidCode)
      default: if operation.route.isREST { expected.append(.sessionEnded) }
      }
      XCTAssertEqual(Set(types.map(\.uri)), Set(expected.map(\.uri)), operation.name)
      let ways =
        (operation.permission.needsKey ? 2 : 3) + (operation.takesKeyInQuery ? 1 : 0)
      XCTAssertEqual(try item["security"].elements.count, ways, operation.name)
      XCTAssertTrue(try item["description"].text.contains("API key"), operation.name)
      XCTAssertNotNil(try item["responses"]["401"]["headers"].members["WWW-Authenticate"])
    }
  }

  func testEveryProblemIsOneOfTheListAndOfItsNamespace() {
    for operation in APIDescription.operations {
      for problem in operation.problems {
        XCTAssertTrue(ProblemType.all.contains(problem), "\(operation.name): \(problem.uri)")
        let told = problem.told(isREST: operation.route.isREST)
        XCTAssertEqual(told, problem, "\(operation.name) answers Shlink's type")
      }
      XCTAssertFalse(operation.summary.isEmpty, operation.name)
      for field in operation.fields {
        XCTAssertFalse(field.summary.isEmpty, "\(operation.name): \(field.name)")
      }
    }
  }

  func testTheTextIsTheSameEachTime() {
    XCTAssertEqual(APIDescription.document.text, APIDescription.document.text)
  }
}
