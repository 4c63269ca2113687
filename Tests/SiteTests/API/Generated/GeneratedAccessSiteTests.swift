import API
import Access
import Description
import EngineSupport
import Foundation
import HTTPTypes
import JSON
import TestSupport
import Web
import XCTest

/// Access to every operation by keys: what a key may do, and that another tenant's things aren't there.
///
/// It goes through the description, so an operation that is added is held to the same.
final class GeneratedAccessSiteTests: XCTestCase {
  /// The operations that look at a key.
  private var operations: [OperationDescription] {
    APIDescription.operations.filter { $0.permission.looksAtKeys }
  }

  func testAKeyMayDoWhatItsRightsAllowAndIsToldOtherwise() throws {
    let site = try Site()
    let scenes: [(options: [String], rights: KeyRights)] = [
      ([], KeyRights()), (["--scope", "read-only"], KeyRights(scopes: [.readOnly])),
      (["--scope", "create-only"], KeyRights(scopes: [.createOnly])),
      (["--scope", "any-scheme"], KeyRights(scopes: [.anyScheme])),
      (["--scope", "admin"], KeyRights(scopes: [.admin])),
      (["--authored-only"], KeyRights(isAuthoredOnly: true)),
    ]
    for (options, rights) in scenes {
      let tenant = try KeyTenant()
      let secret = try tenant.key("asking", options)
      let caller = Caller.key(Key(id: 1, tenant: tenant.id, rights: rights))
      for operation in operations {
        let note = "\(operation.name) with \(options)"
        let request = MadeRequest(exampleOf: operation)
        let answer = try ask(request, secret, site.http)
        guard !caller.may(operation.permission) else {
          XCTAssertNotEqual(answer.status, 401, note)
          guard answer.status == 403 else { continue }
          // Tags belong to links that a restricted key doesn't see: Shlink says so in a word of its own.
          let forbidden = ProblemType.Shlink.forbiddenTagOperation
          XCTAssertTrue(caller.isRestricted && operation.problems.contains(forbidden), note)
          XCTAssertEqual(try answer.json["type"].text, forbidden.uri, "\(note): \(answer.text)")
          continue
        }
        XCTAssertEqual(answer.status, 403, "\(note): \(answer.text)")
        guard operation.route.method != .head else { continue }
        XCTAssertEqual(try answer.json["type"].text, ProblemType.forbidden.uri, note)
        XCTAssertTrue(operation.problems.contains(.forbidden), note)
      }
    }
  }

  func testWhatAnotherTenantHasIsNotThere() throws {
    let site = try Site()
    let estate = try TenantEstate(site)
    let before = try estate.stored()
    XCTAssertTrue(before.contains(estate.secret), before)
    for operation in operations {
      // A new one each time: what it makes may have the same names.
      let stranger = try KeyTenant().key("stranger")
      for request in estate.requests(for: operation) {
        let answer = try ask(request, stranger, site.http)
        let head = answer.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        let said = head + answer.text
        XCTAssertFalse(said.contains(estate.secret), "\(request): \(said)")
        let asked = request.target + String(decoding: request.body ?? [], as: UTF8.self)
        if !asked.contains(estate.known) {
          XCTAssertFalse(said.contains(estate.known), "\(request): \(said)")
        }
        XCTAssertNotEqual(answer.status, 401, "\(request)")
        let names = operation.route.path.names
        if !names.isEmpty, operation.topic != .statistics || operation.route.isREST {
          XCTAssertTrue(
            [400, 403, 404].contains(answer.status), "\(request): \(answer.status) \(answer.text)")
        }
      }
    }
    XCTAssertEqual(try estate.stored(), before)
    XCTAssertTrue(try estate.hasVisit())
  }

  /// The answer to a request; a 5xx is asked again for a while, since an engine of a busy machine may be late.
  private func ask(
    _ request: MadeRequest, _ secret: String, _ http: HTTPClient
  ) throws -> HTTPClient.Answer {
    var last: HTTPClient.Answer?
    _ = try eventually(seconds: 30) {
      last = try http.request(
        request.method.rawValue, request.target,
        [("X-Api-Key", secret), ("Content-Type", "application/json")], body: request.body)
      return last.map { $0.status < 500 || $0.status == 501 } ?? false
    }
    let answer = try XCTUnwrap(last)
    XCTAssertTrue(answer.status < 500 || answer.status == 501, "\(request): \(answer.text)")
    return answer
  }
}
