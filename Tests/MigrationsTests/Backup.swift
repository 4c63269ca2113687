import ClickHouse
import EngineSupport
import Foundation
import XCTest

/// The frozen parts of a database's tables, in the server's directory `shadow`.
struct Backup {
  private let bench: Workbench

  init(of bench: Workbench) {
    self.bench = bench
  }

  /// Puts the parts of some tables to where another database attaches them from.
  func lay(_ tables: [String], in other: Workbench) throws {
    for table in tables {
      let source = try Self.directory(of: table, in: bench)
      var root = source
      while !FileManager.default.fileExists(atPath: root + "/shadow") {
        let parent = (root as NSString).deletingLastPathComponent
        if parent == root { throw CocoaError(.fileNoSuchFile) }
        root = parent
      }
      let path = String(source.dropFirst(root.count))
      let target = try Self.directory(of: table, in: other) + "/detached/"
      var parts = 0
      for freeze in try FileManager.default.contentsOfDirectory(atPath: root + "/shadow") {
        let frozen = "\(root)/shadow/\(freeze)\(path)"
        for part in (try? FileManager.default.contentsOfDirectory(atPath: frozen)) ?? [] {
          try FileManager.default.copyItem(atPath: "\(frozen)/\(part)", toPath: target + part)
          parts += 1
        }
      }
      XCTAssertGreaterThan(parts, 0, table)
    }
  }

  private static func directory(of table: String, in bench: Workbench) throws -> String {
    let isOld = try bench.client.serverVersion() < ServerVersion(major: 20, minor: 1)
    let column: SQL = isOld ? "data_path" : "data_paths[1]"
    let rows = try bench.client.select(
      """
      SELECT \(column) FROM system.tables
      WHERE database = currentDatabase() AND name = \(table)
      """)
    return (try XCTUnwrap(rows.first?.first) as NSString).standardizingPath
  }
}
