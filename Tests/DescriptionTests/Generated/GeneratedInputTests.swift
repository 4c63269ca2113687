import API
import EngineSupport
import HTTPTypes
import JSON
import Text
import Web
import XCTest

/// Every operation reads whatever is sent, and refuses it by a problem that is described.
final class GeneratedInputTests: XCTestCase {
  /// How many requests are made up for each operation.
  private static let count = 1000

  func testTheExampleOfEachDescriptionIsTaken() {
    for operation in AnyOperation.all {
      let request = MadeRequest(exampleOf: operation.description)
      let problem = request.with(operation.inputRefusal)
      XCTAssertNil(problem.map { "\(request): \($0.detail)" })
    }
  }

  /// All but a cursor's: each is of one list.
  func testTheExampleOfEachParameterIsTaken() {
    for operation in AnyOperation.all {
      for field in operation.description.fields
      where field.place == .query && field.name != "cursor" {
        var request = MadeRequest(exampleOf: operation.description)
        request.target +=
          (request.target.contains("?") ? "&" : "?") + MadeRequest.parameter(field)
        let problem = request.with(operation.inputRefusal)
        XCTAssertNil(problem.map { "\(request): \($0.detail)" })
      }
    }
  }

  func testWhateverIsSentIsTakenOrRefusedAsDescribed() throws {
    for operation in AnyOperation.all {
      let description = operation.description
      var maker = RequestMaker(description, seed: 14)
      for _ in 0..<Self.count {
        let request = maker.next()
        guard let problem = request.with(operation.inputRefusal) else { continue }
        let described = description.problems.first { $0 == problem.type }
        XCTAssertEqual(
          described?.status, problem.status, "\(problem.type.uri), \(description.name): \(request)")
        XCTAssertTrue((400..<500).contains(problem.status.code), "\(request)")
        let answer = try JSONValue(parsing: problem.response.body)
        XCTAssertEqual(answer.object?["type"], .string(problem.type.uri))
      }
    }
  }

  func testWhatIsTooLongIsRefusedBeforeItIsRead() {
    for operation in AnyOperation.all where operation.description.body != .none {
      var request = MadeRequest(exampleOf: operation.description)
      request.body = nil
      XCTAssertEqual(
        request.with(operation.inputRefusal)?.type, .payloadTooLarge, operation.description.name)
    }
  }

  func testAKeyThatComesTwiceIsNoJSON() {
    for operation in AnyOperation.all where operation.description.body != .none {
      let isREST = operation.description.route.isREST
      var request = MadeRequest(exampleOf: operation.description)
      for field in operation.description.fields where field.place == .body {
        let member = JSONObject.Member(field.name, field.example)
        var json = JSONWriter()
        json.value(.object(JSONObject([member, member])))
        request.body = json.bytes
        XCTAssertEqual(
          request.with(operation.inputRefusal)?.type, .invalidJSON.told(isREST: isREST),
          "\(request)")
      }
    }
  }

  /// Else the description would lack a field that only some requests are asked for.
  func testEachFieldIsAskedForWhateverIsSent() {
    for operation in AnyOperation.all {
      let description = operation.description
      var recording = InputReader(recording: description.body)
      operation.read(&recording)
      XCTAssertEqual(
        recording.calls.count, Set(recording.calls).count, "\(description.name): a field twice")
      var maker = RequestMaker(description, seed: 15)
      for _ in 0..<Self.count {
        let request = maker.next()
        let object = request.body.flatMap { try? JSONValue(parsing: $0).object }
        var reader = request.with { request in
          InputReader(
            path: [:], query: QueryString(request.query), members: object ?? JSONObject(),
            description.body)
        }
        operation.read(&reader)
        XCTAssertEqual(reader.calls, recording.calls, "\(description.name): \(request)")
      }
    }
  }
}
