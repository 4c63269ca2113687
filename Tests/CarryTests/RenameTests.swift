import ClickHouse
import EngineSupport
import Foundation
import TestSupport
import XCTest

@testable import Carry

/// Drafts of tables that get their names.
final class RenameTests: XCTestCase {
  private let definition: SQL = "(number UInt64) ENGINE = MergeTree ORDER BY number"

  func testWhatAServerThatDiedAmidARenameHasLeftIsTakenInAndStays() throws {
    let scratch = try ScratchClickHouse()
    let client = scratch.client
    for table in ["earlier", "draft"] as [SQL] {
      try client.execute("CREATE TABLE \(table) \(definition)")
      try client.execute("INSERT INTO \(table) SELECT number FROM numbers(100)")
    }
    // The data have their new name, and no table does: such a server has no other way of its own. Servers
    // with directories by another name than the table's rename at once.
    let directory =
      try TestStack.value("VAR") + "/clickhouse/data/data/" + client.address.database
    guard try client.serverVersion() < ServerVersion(major: 20, minor: 5) else { return }
    XCTAssertTrue(FileManager.default.fileExists(atPath: directory + "/earlier"), directory)
    try FileManager.default.copyItem(atPath: directory + "/earlier", toPath: directory + "/name")
    XCTAssertThrowsError(try client.execute("RENAME TABLE earlier TO name")) { error in
      XCTAssertTrue(ClickHouseError.Code.directoryAlreadyExists ~= error, "\(error)")
    }
    try client.rename("draft", to: "name", definition)
    XCTAssertEqual(try client.select("SELECT count() FROM name").first?.first, "100")
    XCTAssertEqual(try client.tables(startingWith: "draft"), [])
  }

  func testWhereAnotherProcessWasFasterTheDraftGoes() throws {
    let scratch = try ScratchClickHouse()
    let client = scratch.client
    for table in ["name", "draft"] as [SQL] {
      try client.execute("CREATE TABLE \(table) \(definition)")
    }
    try client.rename("draft", to: "name", definition)
    XCTAssertEqual(try client.tables(startingWith: ""), ["name"])
  }
}
