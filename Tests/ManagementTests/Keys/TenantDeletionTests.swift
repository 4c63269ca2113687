import Access
import EngineSupport
import Foundation
import Management
import Postgres
import Synchronization
import Web
import XCTest

/// What is made for a tenant at the moment of its deletion.
final class TenantDeletionTests: XCTestCase {
  private static let rounds = 12

  private final class Outcome: Sendable {
    let text = Mutex("")
    func say(_ word: String) { text.withLock { $0 = word } }
  }

  func testWhoMakesAKeyOrADomainOfADeletedTenantIsToldThatTheKeyIsNoneAnyMore() throws {
    let scene = try KeyScene()
    let acme = try scene.tenant("acme")
    _ = try DeleteTenant().perform("acme", for: .operator, in: scene.stores)
    for rights in [KeyRights(), KeyRights(domain: "s.test")] {
      XCTAssertThrowsError(try scene.make("late", rights, for: acme)) { error in
        guard let failure = error as? ManagementFailure, case .tenantGone = failure else {
          return XCTFail("\(error)")
        }
        XCTAssertEqual(failure.problem.type, ProblemType.Shlink.invalidAPIKey)
      }
    }
    XCTAssertEqual(try scene.ask("SELECT count(*)::text FROM api_keys"), "0")
    XCTAssertEqual(try scene.ask("SELECT count(*)::text FROM domains"), "1")
  }

  func testATenantIsDeletedOrGetsAKeyNeverBoth() throws {
    let scene = try KeyScene()
    for round in 0..<Self.rounds {
      let name = "tenant \(round)"
      let caller = try scene.tenant(name)
      let (deletion, creation) = (Outcome(), Outcome())
      let group = DispatchGroup()
      let settings = scene.settings
      DispatchQueue.global().async(group: group) {
        deletion.say(
          Self.outcome {
            let stores = try KeyScene.stores(settings)
            _ = try DeleteTenant().perform(name, for: .operator, in: stores)
          })
      }
      DispatchQueue.global().async(group: group) {
        creation.say(
          Self.outcome {
            let (stores, key) = (
              try KeyScene.stores(settings), KeyCreation(name: "key", rights: KeyRights())
            )
            _ = try CreateKey().perform(key, for: caller, in: stores)
          })
      }
      XCTAssertEqual(group.wait(timeout: .now() + 120), .success)
      let outcomes = [deletion, creation].map { $0.text.withLock { $0 } }
      XCTAssertTrue([["done", "gone"], ["used", "done"]].contains(outcomes), "\(outcomes)")
    }
  }

  /// How an operation ends, in one word.
  private static func outcome(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "done"
    } catch ManagementFailure.tenantGone {
      return "gone"
    } catch ManagementFailure.tenant(.inUse) {
      return "used"
    } catch {
      return "\(error)"
    }
  }
}
