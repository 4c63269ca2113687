import Foundation
import TestSupport

/// A backup of the journals as they were at some moment of their lives.
struct JournalCopies {
  private let directory = NSTemporaryDirectory() + "swiftlet-copies-\(UUID().uuidString)"
  private let journals: String

  init() throws {
    journals = try TestStack.value("JOURNAL_DIR")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: directory) }

  /// Copies every journal as far as it has come, over an earlier copy of it.
  func take() throws {
    for name in try names(journals) {
      // One that has just been removed is one that isn't copied.
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(journals)/\(name)")) else {
        continue
      }
      try bytes.write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }
  }

  /// Lays the copies of those into the directory that are there no more.
  ///
  /// - Returns: How many.
  func restore() throws -> Int {
    let there = Set(try names(journals))
    let gone = try names(directory).filter { !there.contains($0) }
    for name in gone {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))
      try bytes.write(to: URL(fileURLWithPath: "\(journals)/\(name)"), options: .atomic)
    }
    return gone.count
  }

  private func names(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).filter {
      $0.hasSuffix(".ndjson")
    }
  }
}
