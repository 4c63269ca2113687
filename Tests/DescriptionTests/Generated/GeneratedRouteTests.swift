import API
import EngineSupport
import HTTPTypes
import Web
import XCTest

@testable import Serving

/// Every operation is found where it says it is.
final class GeneratedRouteTests: XCTestCase {
  private let operations = AnyOperation.all.map(\.description)

  private var router: Router<String> {
    var router = Router<String>()
    for operation in operations {
      router.on(operation.route.methods, at: .template(operation.route.path), operation.name)
    }
    return router
  }

  private func found(_ method: HTTPRequest.Method, _ target: String) -> Router<String>.Match {
    MadeRequest(method: method, target: target).with { router.match(method, $0.path) }
  }

  func testEachOperationIsFoundAtItsPathByItsMethods() {
    for operation in operations {
      let target = MadeRequest(exampleOf: operation).target
      for method in operation.route.methods {
        guard case .found(operation.name, _) = found(method, target) else {
          XCTFail("\(method) \(target) isn't \(operation.name)'s")
          continue
        }
      }
    }
  }

  func testWhatReadsIsThereForHEADToo() {
    for operation in operations where operation.route.method == .get {
      XCTAssertEqual(operation.route.methods, [.get, .head], operation.name)
    }
  }

  func testAnotherMethodIsToldWhichAreThere() {
    for operation in operations {
      let target = MadeRequest(exampleOf: operation).target
      let there = operations.filter { other in
        MadeRequest(method: .get, target: target).with { request in
          Router<String>.Pattern.template(other.route.path).match(request.path) != nil
        }
      }.flatMap(\.route.methods)
      for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options, .trace]
      where !there.contains(method) {
        guard case .methodNotAllowed(let allow) = found(method, target) else {
          XCTFail("\(method) \(target) is answered")
          continue
        }
        let allowed = allow.split(separator: ", ").map(String.init)
        XCTAssertEqual(Set(allowed), Set(there.map(\.rawValue)), target)
        XCTAssertEqual(allowed.count, Set(allowed).count, allow)
      }
    }
  }

  func testTheOldVersionsOfRESTAreTheSame() {
    for operation in operations where operation.route.path.description.hasPrefix("/rest/v3/") {
      let target = MadeRequest(exampleOf: operation).target
      for version in ["v1", "v2"] {
        let old = target.replacing("/rest/v3", with: "/rest/\(version)")
        guard case .found(operation.name, _) = found(operation.route.method, old) else {
          XCTFail("\(old) isn't \(operation.name)'s")
          continue
        }
      }
      guard case .notFound = found(operation.route.method, target.replacing("v3", with: "v4"))
      else { return XCTFail("\(operation.name) is there by v4") }
    }
  }
}
