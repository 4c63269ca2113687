import API
import Description
import EngineSupport
import HTTPTypes
import TestSupport
import Web
import XCTest

/// Whatever is sent to an operation through nginx, its answer is a described one.
final class GeneratedBodySiteTests: XCTestCase {
  /// How many requests are made up for each operation.
  private static let count = 60

  func testWhateverIsSentTheAnswerIsADescribedOneAndNoWorkerEnds() throws {
    let site = try Site()
    let description = try ServedDescription(site.http)
    let code = try site.shorten("https://example.com/made-up")
    // A worker that is starting has no pid yet.
    XCTAssertTrue(
      try eventually(seconds: 60) { try !Supervisor.status().contains("STARTING") })
    let programs = ["shortener", "analytics"]
    let pids = try programs.map { try Supervisor.pids($0) }
    for operation in APIDescription.operations {
      let served = try description.operation(
        operation.route.method.rawValue, operation.route.path.description)
      var maker = RequestMaker(operation, seed: 14)
      for _ in 0..<Self.count {
        let request = maker.next(at: served.target(code))
        let answer = try self.answer(to: request, of: operation, site.http)
        try description.assertDescribed(answer, of: served, "\(request)")
        XCTAssertLessThan(answer.status, 500, "\(request)")
      }
    }
    XCTAssertEqual(try programs.map { try Supervisor.pids($0) }, pids, "a worker has gone")
  }

  /// The answer to a request.
  ///
  /// A 5xx is asked again for a while: an engine of a busy machine may be late once.
  private func answer(
    to request: MadeRequest, of operation: OperationDescription, _ http: HTTPClient
  ) throws -> HTTPClient.Answer {
    var fields: [(String, String)] = []
    if let type = request.contentType { fields.append(("Content-Type", type)) }
    if let coding = request.contentEncoding { fields.append(("Content-Encoding", coding)) }
    // nginx itself refuses a body that is too long, also where none is wanted.
    let tooLong = operation.body == .none ? 0 : 70_000
    let body = request.body ?? [UInt8](repeating: UInt8(ascii: " "), count: tooLong)
    var last: HTTPClient.Answer?
    _ = try eventually(seconds: 30) {
      last = try http.request(request.method.rawValue, request.target, fields, body: body)
      return last.map { $0.status < 500 } ?? false
    }
    return try XCTUnwrap(last)
  }
}
