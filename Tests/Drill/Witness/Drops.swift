import Foundation
import TestSupport

/// The clicks that the workers dropped since a drill began.
///
/// They count them, and list an id for each attempt to write.
struct Drops {
  private let countedBefore: Int
  private let offset: Int

  init() throws {
    countedBefore = Self.total
    offset = try Self.names().count
  }

  var counted: Int { Self.total - countedBefore }

  func ids() throws -> [String] {
    try Self.names().dropFirst(offset).split(separator: 0x0A)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The file that DROPPED_IDS names.
  private static func names() throws -> Data {
    let path = try TestStack.value("DROPPED_IDS")
    // Nobody makes it before the first drop; what was named is never taken back.
    guard FileManager.default.fileExists(atPath: path) else { return Data() }
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// What was counted since STATE_DIR was made.
  private static var total: Int {
    guard let directory = try? TestStack.value("STATE_DIR"),
      let text = try? String(contentsOfFile: directory + "/dropped", encoding: .utf8)
    else { return 0 }
    return text.split(separator: "\n").reduce(0) { $0 + (Int($1) ?? 0) }
  }
}
