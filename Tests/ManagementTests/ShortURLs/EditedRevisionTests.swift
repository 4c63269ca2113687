import API
import Access
import Destinations
import EngineSupport
import Foundation
import HTTPTypes
import JSON
import Links
import Management
import Postgres
import Synchronization
import TestSupport
import Web
import XCTest

/// Edits that name the state of the link that they are meant for.
final class EditedRevisionTests: XCTestCase {
  /// One with a link of the name that a request without a path means.
  private func scene() throws -> ManagedScene {
    let scene = try ManagedScene()
    try scene.run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at)
      VALUES (4711, \(ShortURL.sample.shortCode), 'https://to.example/', now())
      """)
    return scene
  }

  private func show(_ scene: ManagedScene) throws -> ShortURL {
    try scene.perform(GetShortURL(), for: .operator)
  }

  private func edit(_ scene: ManagedScene, _ body: [String: JSONValue]) throws -> ShortURL {
    try scene.perform(EditShortURL(OwnHosts()), body: body, for: .operator)
  }

  func testEveryChangeOfALinkGivesItAnotherRevision() throws {
    let scene = try scene()
    var revisions: Set<String> = [try show(scene).revision]
    let changes: [[String: JSONValue]] = [
      ["title": "Other"], ["tags": .array(["a"])], ["tags": .array(["a", "b"])],
      ["enabled": .bool(false)], ["maxVisits": .number("7")], ["crawlable": .bool(true)],
      ["forwardQuery": .bool(true)], ["preview": .bool(false)], ["validSince": "2027-01-01"],
      ["validUntil": "2028-01-01"],
      ["longUrl": "https://elsewhere.example/"],
    ]
    for (number, change) in changes.enumerated() {
      let edited = try edit(scene, change)
      revisions.insert(edited.revision)
      XCTAssertEqual(revisions.count, number + 2, "\(change)")
      XCTAssertEqual(try show(scene).revision, edited.revision)
    }
    try scene.run(
      """
      UPDATE short_urls SET revision = revision + 1,
        rules = '[{"u":"https://phone.example/","c":[["device",null,"ios"]]}]'
      """)
    revisions.insert(try show(scene).revision)
    XCTAssertEqual(revisions.count, changes.count + 2, "other rules")
    let last = try show(scene).revision
    try scene.run("INSERT INTO link_visits (link, total, bots) VALUES (4711, 5, 1)")
    XCTAssertEqual(try show(scene).visits, 5)
    XCTAssertEqual(try show(scene).revision, last, "visits are no change")
  }

  func testAnEditOfAnEarlierStateIsRefusedWithThePresentOne() throws {
    let scene = try scene()
    let seen = try show(scene).revision
    let edited = try edit(scene, ["title": "First", "revision": .string(seen)])
    XCTAssertEqual(edited.title, "First")
    let failure = try assertThrows(ManagementFailure.self) {
      _ = try edit(
        scene, ["title": "Second", "tags": .array(["x"]), "revision": .string(seen)])
    }
    XCTAssertEqual(failure.problem.type, .revisionConflict)
    XCTAssertEqual(failure.problem.status.code, 412)
    let present = failure.problem.members.first { $0.key == "shortUrl" }?.value.object
    XCTAssertEqual(present?["title"], "First")
    XCTAssertEqual(present?["revision"], .string(edited.revision))
    XCTAssertEqual(try show(scene), edited)
    let again = try edit(scene, ["title": "Second", "revision": .string(edited.revision)])
    XCTAssertEqual(again.title, "Second")
    XCTAssertEqual(try edit(scene, ["title": "Third", "revision": .null]).title, "Third")
  }

  func testRulesForAnEarlierStateAreRefusedWithThePresentOne() throws {
    let scene = try scene()
    let seen = try show(scene).revision
    let set = { (host: String, revision: JSONValue) in
      let rules = try JSONValue(
        parsing: Array(
          #"[{"longUrl":"https://\#(host)/","conditions":[{"type":"device","matchValue":"ios"}]}]"#
            .utf8))
      return try scene.perform(
        SetRedirectRules(OwnHosts()), body: ["redirectRules": rules, "revision": revision],
        for: .operator
      ).rules
    }
    let first = try set("first.example", .string(seen))
    let failure = try assertThrows(ManagementFailure.self) {
      _ = try set("second.example", .string(seen))
    }
    XCTAssertEqual(failure.problem.type, .revisionConflict)
    let present = failure.problem.members.first { $0.key == "shortUrl" }?.value.object
    XCTAssertEqual(present?["revision"], .string(try show(scene).revision))
    XCTAssertEqual(try scene.perform(ListRedirectRules(), for: .operator).rules, first)
    XCTAssertNotEqual(try set("second.example", .string(try show(scene).revision)), first)
    XCTAssertEqual(try set("first.example", .null), first)
  }

  func testOfEditsOfOneStateAtOnceOneIsMade() throws {
    let scene = try scene()
    let seen = try show(scene)
    let settings = try scene.database.settings([
      "BASE_URL": "https://s.test", "REDIS_URL": "unix:///nowhere",
      "PG_WRITE_TIMEOUT_MS": "20000",
    ])
    let made = Count()
    let refused = Count()
    let group = DispatchGroup()
    for number in 0..<4 {
      DispatchQueue.global().async(group: group) {
        var edition = ShortURLEdition()
        // Tags are in another table than what the edits wait for.
        edition.tags = TagName("t\(number)").map { [$0] }
        do {
          let stores = try ManagedScene.stores(settings)
          _ = try EditShortURL(OwnHosts()).perform(
            .init(
              ShortURLName(try XCTUnwrap(Slug(seen.shortCode))), edition, revision: seen.revision),
            for: .operator, in: stores)
          made.number.add(1, ordering: .relaxed)
        } catch ManagementFailure.changedMeanwhile {
          refused.number.add(1, ordering: .relaxed)
        } catch {
          XCTFail("\(error)")
        }
      }
    }
    XCTAssertEqual(group.wait(timeout: .now() + 120), .success)
    XCTAssertEqual(made.number.load(ordering: .relaxed), 1)
    XCTAssertEqual(refused.number.load(ordering: .relaxed), 3)
  }

  private final class Count: Sendable {
    let number = Atomic<Int>(0)
  }
}
