import Foundation
import TestSupport
import XCTest

/// `swiftlet key` and `swiftlet tenant`, as an operator uses them.
final class KeyCommandTests: MigratedTestCase {
  private func run(_ arguments: String...) throws -> CommandLineTool.Run {
    let process = try XCTUnwrap(tool).process(arguments)
    try process.run()
    return CommandLineTool.finish(process)
  }

  func testAKeyIsShownWhenItIsMadeAndWhenItIsRotated() throws {
    let made = try run("key", "create", "newsletter")
    XCTAssertEqual(made.status, 0, made.complaint)
    let secret = made.output.trimmingCharacters(in: .newlines)
    XCTAssertNotNil(secret.wholeMatch(of: /swl_[0-9A-Za-z]{49}/), secret)
    let rotated = try run("key", "rotate", "newsletter", "--json")
    XCTAssertEqual(rotated.status, 0, rotated.complaint)
    XCTAssertNotNil(try rotated.json["key"].text.wholeMatch(of: /swl_[0-9A-Za-z]{49}/))
    let list = try run("key", "list", "--json")
    XCTAssertEqual(list.status, 0, list.complaint)
    XCTAssertFalse(list.output.contains(secret))
    let key = try list.json["apiKeys"]["data"].elements[0]
    XCTAssertEqual(try key["name"].text, "newsletter")
    XCTAssertEqual(try key["prefix"].text, String(try rotated.json["key"].text.prefix(12)))
  }

  func testRightsAreGivenByOptionsAndShownInTheTable() throws {
    let made = try run(
      "key", "create", "shop", "--domain", "s.test", "--authored-only", "--scope", "create-only",
      "--scope", "any-scheme", "--rate-limit", "60", "--expires", "2031-01-01T00:00:00Z")
    XCTAssertEqual(made.status, 0, made.complaint)
    func row() throws -> [String] {
      let run = try run("key", "list")
      XCTAssertEqual(run.status, 0, run.complaint)
      return run.output.split(separator: "\n")[1].split(separator: " ").map(String.init)
    }
    XCTAssertEqual(
      try row().suffix(6),
      [
        "enabled", "AUTHORED_SHORT_URLS,DOMAIN_SPECIFIC:s.test", "create-only,any-scheme", "60",
        "2031-01-01T00:00:00Z", "never",
      ])
    let edited = try run(
      "key", "edit", "shop", "--name", "store", "--no-roles", "--scope", "read-only",
      "--no-rate-limit", "--no-expiry")
    XCTAssertEqual(edited.status, 0, edited.complaint)
    XCTAssertEqual(try row().suffix(4), ["enabled", "read-only", "never", "never"])
    XCTAssertEqual(try run("key", "disable", "store").status, 0)
    XCTAssertTrue(try row().contains("disabled"))
    XCTAssertEqual(try run("key", "enable", "store").status, 0)
    XCTAssertTrue(try row().contains("enabled"))
    XCTAssertEqual(try run("key", "delete", "store").status, 0)
    XCTAssertEqual(try run("key", "list", "--json").json["apiKeys"]["data"].elements.count, 0)
  }

  func testAKeyIsNamedByItsIdToo() throws {
    let id = try run("key", "create", "one", "--json").json["id"].number
    XCTAssertEqual(try run("key", "disable", "\(id)").status, 0)
    XCTAssertEqual(try run("key", "delete", "\(id)").status, 0)
    for arguments in [["disable", "one"], ["rotate", "\(id)"], ["delete", "x"]] {
      let process = try XCTUnwrap(tool).process(["key"] + arguments)
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 1, run.output)
      XCTAssertTrue(run.complaint.contains("no API key has the name or id"), run.complaint)
    }
  }

  func testWhatCanNotBeReadIsWrongUsage() throws {
    for arguments in [
      ["create", ""], ["create", "x", "--scope", "root"], ["create", "x", "--domain", "a/b"],
      ["create", "x", "--rate-limit", "0"], ["create", "x", "--expires", "soon"],
      ["edit", "x"], ["edit", "x", "--no-scopes", "--scope", "admin"], ["list", "--page", "0"],
    ] {
      let process = try XCTUnwrap(tool).process(["key"] + arguments)
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 64, "\(arguments): \(run.output) \(run.complaint)")
    }
    XCTAssertEqual(try run("key", "create", "twice").status, 0)
    let again = try run("key", "create", "twice")
    XCTAssertEqual(again.status, 1)
    XCTAssertTrue(again.complaint.contains("Another API key has this name"), again.complaint)
  }

  func testTheKeyOfTheSettingsIsMadeWhileThereIsNone() throws {
    let tool = try XCTUnwrap(tool)
    let chosen = ["INITIAL_API_KEY": "correct-horse-battery"]
    func names() throws -> [String] {
      try run("key", "list", "--json").json["apiKeys"]["data"].elements.map { try $0["name"].text }
    }
    for bad in ["too-short", "with a blank in the middle", "swl_0123456789abcdefghij"] {
      let refused = try tool.run("migrate", with: ["INITIAL_API_KEY": bad])
      XCTAssertEqual(refused.status, 78, refused.complaint)
      XCTAssertFalse(refused.complaint.contains(bad), refused.complaint)
    }
    XCTAssertEqual(try names(), [])
    for _ in 0..<2 {
      let migrated = try tool.run("migrate", with: chosen)
      XCTAssertEqual(migrated.status, 0, migrated.complaint)
      XCTAssertEqual(try names(), ["initial"])
    }
    XCTAssertEqual(try run("key", "create", "other").status, 0)
    XCTAssertEqual(try run("key", "delete", "initial").status, 0)
    XCTAssertEqual(try tool.run("migrate", with: chosen).status, 0)
    XCTAssertEqual(try names(), ["other"])
    let shown = try tool.run("settings", with: chosen)
    XCTAssertEqual(shown.status, 0, shown.complaint)
    XCTAssertFalse(shown.output.contains("correct-horse"), shown.output)
  }

  func testATenantHasKeysOfItsOwn() throws {
    XCTAssertEqual(try run("tenant", "create", "acme").status, 0)
    XCTAssertEqual(try run("tenant", "create", "acme").status, 1)
    XCTAssertEqual(try run("key", "create", "root", "--tenant", "acme").status, 0)
    XCTAssertEqual(try run("key", "list", "--json").json["apiKeys"]["data"].elements.count, 0)
    let theirs = try run("key", "list", "--tenant", "acme", "--json")
    XCTAssertEqual(try theirs.json["apiKeys"]["data"].elements.count, 1)
    XCTAssertEqual(try run("key", "list", "--tenant", "nobody").status, 1)
    XCTAssertEqual(try run("tenant", "delete", "acme").status, 1)
    XCTAssertEqual(try run("key", "delete", "root", "--tenant", "acme").status, 0)
    XCTAssertEqual(try run("tenant", "delete", "acme").status, 0)
    let tenants = try run("tenant", "list")
    XCTAssertEqual(tenants.output.split(separator: "\n").count, 3, tenants.output)
    XCTAssertTrue(tenants.output.contains("default"), tenants.output)
  }
}
